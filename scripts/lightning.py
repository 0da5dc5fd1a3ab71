"""The checkpoints of the paper authors' own code (cgoemaere/hopdeq, PyTorch Lightning) as model files (docs/model-format.md), and back.

    python3 scripts/lightning.py checkpoint.ckpt model.safetensors [--transpose]
    python3 scripts/lightning.py model.safetensors checkpoint.ckpt [--layout OneMatrix|EvenOdd] [--transpose]

What goes where, with layers 0 to L, E and O their free layers at even and odd places:

    model          OneMatrix                               EvenOdd
    W.0            U [n0, n1]                              U [n0, n1]
    W.l            W_tensor [free, free], symmetric:       W_tensor [E, O]: the block of l and l + 1,
                   the block right of the diagonal         transposed where l is odd
    b.l            b [1, free]                             b_even [1, E], b_odd [1, O]

There and back again the numbers are the same to the bit. Needs PyTorch and nothing else.
"""

import argparse
import json
import os
import pickle
import struct
import sys
import types

try:
    import torch
except Exception as error:  # Not there, or broken, which may look like anything.
    sys.exit(f"lightning.py needs PyTorch: {error}")

PREFIX = "deq.f_module."
DTYPES = {"F16": torch.float16, "F32": torch.float32, "F64": torch.float64}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
# Of the model file; ours ignores it.
ORIGIN = "lightning"


class Refused(Exception):
    """A file that cannot be converted: one line for the person."""


# --- safetensors: 8 bytes of length, JSON, the numbers ---


def read_safetensors(path):
    with open(path, "rb") as file:
        content = file.read()
    try:
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        metadata = header.pop("__metadata__", {})
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            numbers = bytearray(content[8 + length + begin : 8 + length + end])
            tensors[name] = torch.frombuffer(numbers, dtype=DTYPES[entry["dtype"]]).reshape(entry["shape"])
    except (struct.error, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise Refused(f"{path}: this is no safetensors file that can be read ({error})") from None
    return tensors, metadata


def safetensors_bytes(tensors, metadata):
    header, parts, at = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        part = tensor.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [at, at + len(part)],
        }
        parts.append(part)
        at += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


# --- which part of the authors' arrays is which layer's ---


def spans(sizes):
    """Where each of some layers lies in a row of them."""
    ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
    return [slice(end - size, end) for end, size in zip(ends, sizes)]


def places(layout, layers):
    """For each free layer, from 1 on, where it lies among its kind."""
    free = layers[1:]
    if layout == "OneMatrix":
        return spans(free)
    found = [None] * len(free)
    found[0::2] = spans(free[0::2])
    found[1::2] = spans(free[1::2])
    return found


def block(layout, where, l):
    """The rows and columns of the weights between layers l and l + 1, and whether they lie there transposed."""
    near, far = where[l - 1], where[l]
    return (far, near, True) if layout == "EvenOdd" and l % 2 == 1 else (near, far, False)


def turned(weights, transpose):
    """U for pictures whose rows are columns."""
    if not transpose:
        return weights
    side = round(weights.shape[0] ** 0.5)
    if side * side != weights.shape[0]:
        raise Refused(f"--transpose: {weights.shape[0]} pixels are no square")
    return weights.reshape(side, side, -1).transpose(0, 1).reshape(side * side, -1).contiguous()


# --- checkpoint to model ---


KNOWN = {("collections", "OrderedDict"), ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter")}


class Stranger(dict):
    """Stands for an object of any other kind: it keeps entries, as Lightning's dictionaries have them, and does nothing."""

    def __init__(self, *_, **__):
        super().__init__()

    def __setstate__(self, _):
        pass

    def append(self, _):
        pass

    def extend(self, _):
        pass


class Unpickler(pickle.Unpickler):
    """Makes tensors and plain values alone: a checkpoint is a pickle, and could run anything."""

    def find_class(self, module, name):
        return super().find_class(module, name) if (module, name) in KNOWN else Stranger


def load_checkpoint(path):
    harmless = types.SimpleNamespace(Unpickler=Unpickler, load=lambda file, **_: Unpickler(file).load())
    try:
        return torch.load(path, map_location="cpu", weights_only=False, pickle_module=harmless)
    except OSError:
        raise
    except Exception as error:  # A broken pickle fails in any way.
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Refused(f"{path}: this is no checkpoint that can be read ({words})") from None


def model_of(checkpoint, layers, ham, transpose):
    state = checkpoint.get("state_dict") if isinstance(checkpoint, dict) else None
    if not isinstance(state, dict) or PREFIX + "U" not in state:
        raise Refused(f"it has no state_dict with {PREFIX}U; it must be a checkpoint of OneMatrix or EvenOdd")
    hyper = dict(checkpoint.get("hyper_parameters") or {})
    layers = layers or list(hyper.get("layers") or [])
    if not layers:
        raise Refused("it does not say its layers; give them, --layers 784-1990-10 say")
    ham = hyper.get("ham") if ham is None else ham
    if ham is None:
        raise Refused("it does not say whether it is a HAM; give --dynamics ham or chn")
    layout = "EvenOdd" if PREFIX + "b_even" in state else "OneMatrix"

    def take(name, shape):
        tensor = state.get(PREFIX + name)
        if tensor is None or list(tensor.shape) != shape:
            there = "missing" if tensor is None else f"of shape {list(tensor.shape)}"
            raise Refused(f"{PREFIX}{name} is {there}; layers {'-'.join(map(str, layers))} need {shape}")
        if tensor.dtype not in NAMES:
            raise Refused(f"{PREFIX}{name} holds {tensor.dtype}; it must be a float of 16, 32 or 64 bits")
        return tensor

    where = places(layout, layers)
    even, odd = sum(layers[2::2]), sum(layers[1::2])
    free = even + odd
    weights = take("W_tensor", [free, free] if layout == "OneMatrix" else [even, odd])
    tensors = {"W.0": turned(take("U", layers[:2]), transpose).clone()}
    rest = weights.clone()
    for l in range(1, len(layers) - 1):
        rows, columns, flipped = block(layout, where, l)
        part = weights[rows, columns]
        tensors[f"W.{l}"] = (part.T if flipped else part).contiguous()
        rest[rows, columns] = 0
        if layout == "OneMatrix":
            if not torch.equal(weights[columns, rows], part.T):
                raise Refused(f"{PREFIX}W_tensor is not symmetric between layers {l} and {l + 1}")
            rest[columns, rows] = 0
    if torch.count_nonzero(rest):
        raise Refused(f"{PREFIX}W_tensor connects layers that are no neighbours; a model is a chain")
    for l in range(1, len(layers)):
        name, width = ("b", free) if layout == "OneMatrix" else (("b_odd", odd) if l % 2 else ("b_even", even))
        tensors[f"b.{l}"] = take(name, [1, width])[0, where[l - 1]].clone()
    origin = {"layout": layout, "hyper_parameters": hyper}
    metadata = {
        "activation": "sigmoid(4s-2)",
        "dynamics": "ham" if ham else "chn",
        ORIGIN: json.dumps(origin, default=str),
    }
    return tensors, metadata


# --- model to checkpoint ---


def checkpoint_of(tensors, metadata, layout, transpose):
    count = sum(name.startswith("W.") for name in tensors) + 1
    needed = [f"W.{l}" for l in range(count - 1)] + [f"b.{l}" for l in range(1, count)]
    missing = [name for name in needed if name not in tensors]
    if count < 3 or missing:
        raise Refused(f"tensor {missing[0] if missing else 'W.1'} is missing; a model has W.0, W.1, ... and b.1, b.2, ...")
    if metadata.get("activation") != "sigmoid(4s-2)" or metadata.get("dynamics") not in ("ham", "chn"):
        raise Refused("the authors' networks are ham or chn with sigmoid(4s-2) on all layers; this is another")
    if "b.0" in tensors and torch.count_nonzero(tensors["b.0"]):
        raise Refused("the authors' networks have no bias on the input; this one's b.0 is not zero")
    layers = [tensors["W.0"].shape[0]] + [tensors[f"W.{l}"].shape[1] for l in range(count - 1)]
    origin = json.loads(metadata.get(ORIGIN, "{}"))
    layout = layout or origin.get("layout") or "OneMatrix"
    if layout == "EvenOdd" and count % 2 == 0:
        raise Refused(f"EvenOdd needs an odd number of layers, and this has {count}; take --layout OneMatrix")
    ham = metadata["dynamics"] == "ham"
    # Half a number is no type that the authors' code computes with.
    full = {name: t.float() if t.dtype == torch.float16 else t for name, t in tensors.items()}
    where = places(layout, layers)
    even, odd = sum(layers[2::2]), sum(layers[1::2])
    like = full["W.0"]
    shape = [even + odd] * 2 if layout == "OneMatrix" else [even, odd]
    weights, mask = like.new_zeros(shape), like.new_zeros(shape)
    for l in range(1, count - 1):
        rows, columns, flipped = block(layout, where, l)
        part = full[f"W.{l}"]
        weights[rows, columns] = part.T if flipped else part
        mask[rows, columns] = 1
        if layout == "OneMatrix":
            weights[columns, rows] = part.T
            mask[columns, rows] = 1
    biases = [full[f"b.{l}"] for l in range(1, count)]
    hyper = origin.get("hyper_parameters") or hyper_parameters(layers, ham, layout)
    start = like.new_zeros(hyper.get("batch_size", 64), even if layout == "EvenOdd" and ham else even + odd)
    state = {"s_init": start, "deq.z_init": start}
    if layout == "OneMatrix":
        state[PREFIX + "b"] = torch.cat(biases)[None]
    else:
        state[PREFIX + "b_even"] = torch.cat(biases[1::2])[None]
        state[PREFIX + "b_odd"] = torch.cat(biases[0::2])[None]
    state[PREFIX + "U"] = turned(full["W.0"], transpose)
    state[PREFIX + "W_tensor"], state[PREFIX + "W_mask"] = weights, mask
    return {
        "epoch": 0,
        "global_step": 0,
        "pytorch-lightning_version": "2.0.0",
        "state_dict": state,
        "loops": {},
        "callbacks": {},
        "optimizer_states": [],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": hyper,
    }


def hyper_parameters(layers, ham, layout):
    """The paper's (p. 19)."""
    damping = 0.0 if ham or layout == "EvenOdd" else 0.5
    factor = int((len(layers) // 2) / (1 - damping))
    return {
        "batch_size": 64,
        "lr": 0.01 if len(layers) <= 3 else 0.005,
        "layers": layers,
        "deq_kwargs": {
            "forward_kwargs": {"solver": "picard", "iter": 40 * factor},
            "backward_kwargs": {"solver": "picard", "iter": 8 * factor, "method": "backprop"},
            "damping_factor": damping,
        },
        "ham": ham,
    }


# --- the command ---


def sizes(word):
    return [int(size) for size in word.split("-")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a checkpoint, or a model by its name's end .safetensors")
    parser.add_argument("target", help="a model by its name's end .safetensors, or a checkpoint")
    parser.add_argument("--transpose", action="store_true", help="swap the rows and columns of the pictures, as EMNIST's are")
    parser.add_argument("--layout", choices=["OneMatrix", "EvenOdd"], help="of the checkpoint to write")
    parser.add_argument("--layers", type=sizes, help="of a checkpoint that does not say them, 784-1990-10 say")
    parser.add_argument("--dynamics", choices=["ham", "chn"], help="of a checkpoint that does not say it")
    given = parser.parse_args()
    to_model, from_model = (path.endswith(".safetensors") for path in (given.target, given.source))
    if to_model == from_model:
        parser.error("one of the two files, and only one, must end in .safetensors")
    beside = given.target + ".part"
    try:
        if to_model:
            checkpoint = load_checkpoint(given.source)
            ham = None if given.dynamics is None else given.dynamics == "ham"
            content = safetensors_bytes(*model_of(checkpoint, given.layers, ham, given.transpose))
            with open(beside, "wb") as file:
                file.write(content)
        else:
            torch.save(checkpoint_of(*read_safetensors(given.source), given.layout, given.transpose), beside)
        os.replace(beside, given.target)
    except (Refused, OSError) as error:
        if os.path.exists(beside):
            os.remove(beside)
        sys.exit(f"lightning.py: {error}")


if __name__ == "__main__":
    main()
