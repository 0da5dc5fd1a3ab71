"""The authors' recipe of training in PyTorch (Goemaere et al. 2024, p. 19), for `npm run bench -- --training`.

Even-odd Picard forward from zero, without a gradient; as many further steps as the recipe has, through which the loss's gradient at the equilibrium
goes back; and Madam (Bernstein et al. 2020, Algorithm 1). The drive of the clamped input is computed once a batch, and the bias or the drive so far
rides on a product (addmm).
"""

import time

import torch


def activity(s):
    return torch.sigmoid(4 * s - 2)


def activity_in_place(s):
    return s.mul_(4).sub_(2).sigmoid_()


def iterate(state, clamped, weights, bias, count, hidden_activity):
    """The hidden layer, then the output's state, so many times; `clamped` is the hidden bias and the input's part."""
    for _ in range(count):
        hidden = hidden_activity(torch.addmm(clamped, activity(state), weights.t()))
        state = torch.addmm(bias, hidden, weights)
    return state


class Madam:
    """w <- w exp(-rate sign(w) g / rms(g)), |g / rms(g)| <= bound, |w| <= largest rms(w at the start)."""

    def __init__(self, parameters, rate, bound, largest, beta):
        self.parameters = parameters
        self.rate, self.bound, self.beta = rate, bound, beta
        self.squares = [torch.zeros_like(w) for w in parameters]
        self.largest = [largest * w.square().mean().sqrt().item() for w in parameters]
        self.steps = 0

    def step(self, gradients):
        """Overwrites the gradients."""
        self.steps += 1
        seen = 1 - self.beta**self.steps
        for w, g, square, largest in zip(self.parameters, gradients, self.squares, self.largest):
            square.mul_(self.beta).addcmul_(g, g, value=1 - self.beta)
            # 0 / 0 counts as 0.
            g.div_(torch.sqrt(square).mul_(seen**-0.5)).nan_to_num_(0.0, 0.0, 0.0)
            w.mul_(g.clamp_(-self.bound, self.bound).mul_(w.sign()).mul_(-self.rate).exp_()).clamp_(-largest, largest)


class Recipe:
    """A HAM of three layers as it is at first, and the digits that it learns from, in their order."""

    def __init__(self, units, initial, pixels, labels, order, batch, forward, backward, madam):
        """`initial` is the weights from the input, those to the output, and the biases of both layers."""
        self.units, self.initial = units, initial
        self.pixels, self.labels, self.order = pixels, labels.long(), order.long()
        self.batch, self.forward, self.backward, self.madam = batch, forward, backward, madam

    def learn(self, steps):
        """So many steps from the beginning: what they took a step, and what came of them."""
        began, used = time.perf_counter(), time.process_time()
        parameters = [tensor.clone().requires_grad_() for tensor in self.initial]
        to_hidden, to_output, hidden_bias, output_bias = parameters
        madam = Madam(parameters, **self.madam)
        spent = {"forward": 0.0, "backward": 0.0, "optimiser": 0.0}
        loss, correct = 0.0, 0
        for step in range(steps):
            rows = self.order[step * self.batch : (step + 1) * self.batch]
            labels = self.labels[rows]
            given = activity(self.pixels[rows].float() / 255)
            wanted = torch.nn.functional.one_hot(labels, self.units[-1]).float()
            start = time.perf_counter()
            with torch.enable_grad():
                clamped = torch.addmm(hidden_bias, given, to_hidden)
            output = torch.zeros(self.batch, self.units[-1])
            output = iterate(output, clamped.detach(), to_output, output_bias, self.forward, activity_in_place)
            settled = time.perf_counter()
            difference = output - wanted
            with torch.enable_grad():
                further = iterate(output, clamped, to_output, output_bias, self.backward, activity)
                gradients = torch.autograd.grad(further, parameters, difference / self.batch)
            known = time.perf_counter()
            madam.step(gradients)
            moved = time.perf_counter()
            loss += 0.5 * difference.square().sum().item()
            correct += int((output.argmax(1) == labels).sum())
            for part, seconds in zip(spent, (settled - start, known - settled, moved - known)):
                spent[part] += 1000 * seconds / steps
        samples = steps * self.batch
        return {
            "milliseconds": 1000 * (time.perf_counter() - began) / steps,
            "loss": loss / samples,
            "accuracy": correct / samples,
            "cpu": 1000 * (time.process_time() - used) / steps,
            "spent": spent,
        }
