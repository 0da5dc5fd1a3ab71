"""For lightning.test.ts: checkpoints as the authors' classes would leave them, converted there and back by scripts/lightning.py.

The first argument is the script, the second a folder, the third a JSON list of networks: name, layers, ham, layout, transpose, U, W (from layer 1 on)
and b. One line of JSON comes out for each, with what the script said and whether the same numbers came back; then one for each of four files that
are none, with what the script said.
"""

import argparse
import json
import os
import runpy
import sys

import torch

script, folder, networks = sys.argv[1:]


def convert(*words):
    sys.argv = [script, *words]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        return str(end.code)
    return ""


def state_dict(layers, layout, ham, U, W, b):
    """By index lists over one dense matrix of all free units, which is another way than the script's."""
    free = layers[1:]
    layer_of = torch.tensor([l for l, n in enumerate(free, 1) for _ in range(n)])
    place_of = torch.tensor([i for n in free for i in range(n)])
    units = len(layer_of)
    dense, mask = torch.zeros(units, units), torch.zeros(units, units)
    for i in range(units):
        for j in range(units):
            if layer_of[j] == layer_of[i] + 1:
                dense[i, j] = dense[j, i] = W[layer_of[i] - 1][place_of[i], place_of[j]]
                mask[i, j] = mask[j, i] = 1
    bias = torch.cat(b)
    even, odd = [torch.nonzero(layer_of % 2 == parity).flatten() for parity in (0, 1)]
    size = len(even) if layout == "EvenOdd" and ham else units
    state = {"s_init": torch.zeros(64, size), "deq.z_init": torch.zeros(64, size)}
    f = "deq.f_module."
    if layout == "OneMatrix":
        state.update({f + "b": bias[None], f + "U": U, f + "W_tensor": dense, f + "W_mask": mask})
    else:
        state.update({f + "b_even": bias[even][None], f + "b_odd": bias[odd][None], f + "U": U})
        state.update({f + "W_tensor": dense[even][:, odd], f + "W_mask": mask[even][:, odd]})
    return state


for network in json.loads(networks):
    name, layers, ham, layout = (network[key] for key in ("name", "layers", "ham", "layout"))
    U, *W = [torch.tensor(w) for w in [network["U"], *network["W"]]]
    state = state_dict(layers, layout, ham, U, W, [torch.tensor(b) for b in network["b"]])
    damping = {"damping_factor": 0.0}
    hyper = {"batch_size": 64, "lr": 0.01, "layers": layers, "deq_kwargs": damping, "ham": ham}
    # Of a class that no reader knows, as callbacks leave things behind.
    strange = argparse.Namespace(best=0.5)
    path, model, back = (os.path.join(folder, name + end) for end in (".ckpt", ".safetensors", ".back.ckpt"))
    torch.save({"state_dict": state, "hyper_parameters": hyper, "callbacks": {"x": strange}, "epoch": 9}, path)
    transpose = ["--transpose"] if network["transpose"] else []
    said = convert(path, model, *transpose) + convert(model, back, *transpose)
    again = torch.load(back)
    same = list(again["state_dict"]) == list(state) and again["hyper_parameters"] == hyper
    for key, tensor in state.items():
        same = same and tensor.dtype == again["state_dict"][key].dtype and torch.equal(tensor, again["state_dict"][key])
    print(json.dumps({"name": name, "said": said, "same": same}))

wrong = os.path.join(folder, "wrong.ckpt")
U, W = "deq.f_module.U", "deq.f_module.W_tensor"
for change in [{U: state[U][1:]}, {W: state[W] + 1}, None]:
    torch.save({"state_dict": {**state, **change}, "hyper_parameters": hyper} if change else "none", wrong)
    print(json.dumps(convert(wrong, os.path.join(folder, "never.safetensors"))))
with open(wrong, "wb") as file:
    file.write(b"no checkpoint")
print(json.dumps(convert(wrong, os.path.join(folder, "never.safetensors"))))
