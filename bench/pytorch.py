"""PyTorch on the processor, for `npm run bench -- --cpu` and `-- --training`, which start this and talk to it.

One line of JSON comes in for each thing to do, and one goes out that answers it. Numbers go by way of files: row-major, float32 where they
are not whole. The first line out says what PyTorch is made of, or why there is none.

The same even-odd Picard as a person would write it with PyTorch, and as fast as its operations allow: the drive of the clamped input is computed
once a query, the bias or the drive so far rides on a product (addmm), results go where there is memory already, 4s - 2 is folded into the weights,
and samples that have converged leave the batch once there are enough of them. Or with the paper's Anderson on the even layers.

rho(s) = sigmoid(4s - 2) is sigmoid(u) with u = 4s - 2, so s = 0 is u = -2.
"""

import ctypes
import functools
import json
import math
import sys
import time

try:
    import torch
except Exception as error:  # Not there, or broken, which may look like anything.
    print(json.dumps({"absent": str(error).splitlines()[0] if str(error) else type(error).__name__}))
    sys.exit()

from recipe import Recipe

ZERO = -2.0
# Fewer samples than this share of the rows are left: the others leave.
CROWDED = 0.75
WINDOW = 4
# The paper's ridge is of s; the Gram matrix here is of 4s.
RIDGE = 16 * 1e-10


def blas():
    """The library that products go through, where it is one of the fast ones; else None."""
    torch.mm(torch.ones(8, 8), torch.ones(8, 8))
    config = torch.__config__.show()
    if torch.backends.mkl.is_available():
        return "MKL"
    # Where the library is the system's, only what has been loaded tells which it is.
    try:
        with open("/proc/self/maps") as maps:
            # NumPy may have brought one of its own.
            loaded = "".join(line.lower() for line in maps if "numpy" not in line)
    except OSError:
        loaded = ""
    for name, info in (("MKL", "mkl"), ("OpenBLAS", "open"), ("Accelerate", "accelerate")):
        if f"BLAS_INFO={info}" in config or f"lib{name.lower()}" in loaded:
            return name
    return None


@functools.lru_cache(maxsize=4)
def read(path, *shape, dtype=torch.float32):
    count = math.prod(shape)
    return torch.from_file(path, shared=False, size=count, dtype=dtype).clone().reshape(shape)


def write(path, tensors):
    with open(path, "wb") as file:
        for tensor in tensors:
            tensor = tensor.contiguous()
            file.write(ctypes.string_at(tensor.data_ptr(), 4 * tensor.numel()))


class Network:
    def __init__(self, units, weights, biases):
        self.units = units
        last = len(units) - 1
        self.up = [4 * read(weights[l], units[l], units[l + 1]) for l in range(last)]
        self.down = [w.t().contiguous() for w in self.up]
        self.bias = [4 * read(biases[l], 1, units[l]) + ZERO for l in range(last + 1)]


class Batch:
    """The samples that still run: what they are driven with, where they are, and where their results go."""

    def __init__(self, network, given, limit):
        self.network = network
        self.limit = limit
        size = given.shape[0]
        units = network.units
        rho = torch.sigmoid(4 * given + ZERO)
        self.clamped = torch.addmm(network.bias[1], rho, network.up[0])
        self.u = [None] + [torch.full((size, n), ZERO) for n in units[1:]]
        self.rho = [None] + [torch.sigmoid(u) for u in self.u[1:]]
        # Where the next odd layers go, before they take the place of the old.
        self.next = [torch.empty_like(u) if l % 2 == 1 else None for l, u in enumerate(self.u)]
        self.rows = torch.arange(size)
        self.open = torch.ones(size, dtype=torch.bool)
        self.results = [torch.empty(size, n) for n in units[1:]]
        self.iterations = torch.zeros(size, dtype=torch.long)
        # Other tensors with one row a sample, which whoever adds them finds again after a crowd has left.
        self.extra = []

    def layers(self, parity):
        return range(2 - parity, len(self.network.units), 2)

    def drive(self, l, out):
        """u of a layer from its neighbours."""
        drive = self.clamped if l == 1 else self.network.bias[l]
        if l > 1:
            torch.addmm(drive, self.rho[l - 1], self.network.up[l - 1], out=out)
            drive = out
        if l + 1 < len(self.network.units):
            torch.addmm(drive, self.rho[l + 1], self.network.down[l], out=out)

    def activate(self, parity):
        for l in self.layers(parity):
            torch.sigmoid(self.u[l], out=self.rho[l])

    def settle(self, change, scale, iteration, tolerance):
        """Keeps the states of samples whose residual (change / scale, both squared) is small enough; whether none is left."""
        done = (change < tolerance**2 * scale) & self.open
        if iteration == self.limit:
            done = self.open.clone()
        if not done.any():
            return False
        rows = self.rows[done]
        for result, u in zip(self.results, self.u[1:]):
            result[rows] = (u[done] - ZERO) / 4
        self.iterations[rows] = iteration
        self.open &= ~done
        left = int(self.open.sum())
        if left == 0:
            return True
        if left < CROWDED * len(self.rows):
            self.leave()
        return False

    def leave(self):
        keep = self.open.nonzero()[:, 0]
        pick = lambda tensor: None if tensor is None else tensor[keep]
        self.clamped = pick(self.clamped)
        for name in ("u", "rho", "next", "extra"):
            setattr(self, name, [pick(tensor) for tensor in getattr(self, name)])
        self.rows = self.rows[keep]
        self.open = self.open[keep]


def square(tensor):
    return torch.linalg.vector_norm(tensor, dim=1) ** 2


def picard(batch, tolerance):
    """Residuals are of states whose even layers came from their odd ones, so that f moves the odd ones alone."""
    odd, even = batch.layers(1), batch.layers(0)
    iteration = 0
    while True:
        for l in odd:
            batch.drive(l, batch.next[l])
        if iteration > 0:
            change = sum(square(batch.next[l] - batch.u[l]) for l in odd)
            scale = sum(square(batch.next[l] - ZERO) for l in odd) + sum(square(batch.u[l] - ZERO) for l in even)
            if batch.settle(change, scale, iteration, tolerance):
                return
        for l in odd:
            batch.u[l], batch.next[l] = batch.next[l], batch.u[l]
        batch.activate(1)
        for l in even:
            batch.drive(l, batch.u[l])
        batch.activate(0)
        iteration += 1


def anderson(batch, tolerance):
    """The paper's: window 4 on the even layers, ridge, and a mixed point only where its step is shorter than the last plain one.

    Here the odd layers always follow from the even ones, so that f moves the even ones alone.
    """
    odd, even = batch.layers(1), batch.layers(0)
    widths = [batch.network.units[l] for l in even]
    size = len(batch.rows)
    # Outputs of the map less ZERO, which are 4s, and how far they are from what they came from.
    batch.extra = [torch.zeros(size, WINDOW, sum(widths)) for _ in range(2)]
    x = torch.cat([batch.u[l] for l in even], dim=1) - ZERO
    plain = [torch.empty(size, n) for n in widths]
    iteration = 0
    while True:
        for l in odd:
            batch.drive(l, batch.u[l])
        batch.activate(1)
        for l, out in zip(even, plain):
            batch.drive(l, out)
        y = torch.cat(plain, dim=1) - ZERO
        residual = y - x
        outputs, residuals = batch.extra
        outputs[:, iteration % WINDOW] = y
        residuals[:, iteration % WINDOW] = residual
        batch.extra += [y, residual, x, *plain]
        change = square(residual)
        scale = square(y) + sum(square(batch.u[l] - ZERO) for l in odd)
        iteration += 1
        if batch.settle(change, scale, iteration, tolerance):
            return
        outputs, residuals, y, residual, x, *plain = batch.extra
        batch.extra = [outputs, residuals]
        x = mixed(outputs, residuals, y, residual, x, min(iteration, WINDOW))
        for l, part in zip(even, torch.split(x, widths, dim=1)):
            torch.add(part, ZERO, out=batch.u[l])
        batch.activate(0)


def mixed(outputs, residuals, y, residual, x, count):
    """Where Anderson goes from x, y being f(x)."""
    if count < 2:
        return y
    kept = residuals[:, :count]
    system = torch.zeros(len(y), count + 1, count + 1, dtype=torch.float64)
    system[:, 0, 1:] = 1
    system[:, 1:, 0] = 1
    system[:, 1:, 1:] = torch.bmm(kept, kept.transpose(1, 2)).double() + RIDGE * torch.eye(count, dtype=torch.float64)
    right = torch.zeros(len(y), count + 1, 1, dtype=torch.float64)
    right[:, 0] = 1
    # Singular now and then, which must not stop the others.
    solution, fault = torch.linalg.inv_ex(system)
    weights = (solution @ right)[:, 1:, 0].float()
    point = torch.bmm(weights[:, None, :], outputs[:, :count])[:, 0]
    shorter = square(y - point) * square(x) < square(residual) * square(point)
    taken = (fault == 0) & shorter & torch.isfinite(weights).all(dim=1)
    return torch.where(taken[:, None], point, y)


SOLVERS = {"picard": picard, "anderson": anderson}


def repeated(times, work):
    """Milliseconds of one time, and what the last found."""
    began = time.perf_counter()
    for _ in range(times):
        outcome = work()
    return 1000 * (time.perf_counter() - began) / times, outcome


def solve(network, given, solver, tolerance, limit):
    batch = Batch(network, given, limit)
    SOLVERS[solver](batch, tolerance)
    return batch


def answer(networks, ask):
    what = ask["do"]
    if what == "load":
        networks[ask["network"]] = Network(ask["units"], ask["weights"], ask["biases"])
        return {}
    if what == "forget":
        del networks[ask["network"]]
        read.cache_clear()
        return {}
    if what == "product":
        batch, n, m = ask["shape"]
        a, w = read(ask["a"], batch, n), read(ask["w"], n, m)
        out = torch.empty(batch, m)
        milliseconds, _ = repeated(ask["repeats"], lambda: torch.mm(a, w, out=out))
        write(ask["out"], [out])
        return {"milliseconds": milliseconds}
    if what == "solve":
        network = networks[ask["network"]]
        given = read(ask["input"], ask["batch"], network.units[0])
        run = lambda: solve(network, given, ask["solver"], ask["tolerance"], ask["limit"])
        milliseconds, batch = repeated(ask["repeats"], run)
        write(ask["out"], batch.results)
        return {"milliseconds": milliseconds, "iterations": batch.iterations.tolist()}
    if what == "begin":
        units, digits, batch = ask["units"], ask["digits"], ask["batch"]
        networks[ask["network"]] = Recipe(
            units,
            [read(path, n, m) for path, n, m in zip(ask["weights"], units, units[1:])]
            + [read(path, n) for path, n in zip(ask["biases"], units[1:])],
            read(ask["pixels"], digits, units[0], dtype=torch.uint8),
            read(ask["labels"], digits, dtype=torch.uint8),
            read(ask["order"], digits, dtype=torch.int32),
            batch,
            ask["forward"],
            ask["backward"],
            ask["madam"],
        )
        return {}
    if what == "learn":
        return networks[ask["network"]].learn(ask["steps"])
    raise ValueError(f"there is no {what}")


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.set_grad_enabled(False)
    facts = {"version": torch.__version__, "blas": blas(), "config": torch.__config__.show()}
    print(json.dumps(facts), flush=True)
    networks = {}
    for line in sys.stdin:
        try:
            reply = answer(networks, json.loads(line))
        except Exception as error:  # Whatever it is, who asked must know.
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
