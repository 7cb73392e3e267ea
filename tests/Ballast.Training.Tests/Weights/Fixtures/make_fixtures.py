#!/usr/bin/env python3
"""Writes the files that the tests of weights read, and expected.json with what is in them.

Made with PyTorch 1.13.0 (Debian 12's python3-torch). The tests read the files; they need no Python.
"""
import argparse
import collections
import json
import pathlib

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
torch.manual_seed(7)
expected = {}


def numbers(tensor):
    """Every number as a double; complex ones as real and imaginary part."""
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor.contiguous())
    return [float(value) for value in tensor.contiguous().double().flatten()]


def save(name, value, tensors, **how):
    torch.save(value, HERE / name, **how)
    expected[name] = {
        key: {"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape), "numbers": numbers(tensor.detach())}
        for key, tensor in tensors.items()
    }


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 4, 1, bias=False).half()
        self.downsample = nn.Sequential(nn.Conv2d(4, 4, 1, bias=False).bfloat16(), nn.BatchNorm2d(4))


class Tiny(nn.Module):
    """torchvision's names of a ResNet, a few numbers each."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(Block())
        self.fc = nn.Linear(4, 2)


model = Tiny()
nn.init.uniform_(model.bn1.running_mean)
model.bn1.num_batches_tracked += 3
state = model.state_dict()
save("state_dict.pth", state, state)

base = torch.arange(24.0)
image = torch.arange(48.0).reshape(1, 3, 4, 4)
views = collections.OrderedDict(
    base=base,
    row=base[4:8],
    transposed=base.view(4, 6).t(),
    every_third=base[1::3],
    inner=base.view(2, 3, 4)[:, 1:, ::2],
    repeated=base[2:3].expand(2, 3),
    unfolded=base.unfold(0, 4, 2),
    channels_last=image.to(memory_format=torch.channels_last),
    scalar=torch.tensor(1.5),
    empty=torch.zeros(0, 4),
    half_row=base.half()[3:9:2],
)
save("views.pth", views, views)
save("views_protocol4.pth", views, views, pickle_protocol=4)

kinds = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.bfloat16, torch.float32, torch.float64]
types = {str(kind)[6:]: torch.tensor([0, 1, 2, 100]).to(kind) for kind in kinds}
types["bool"] = torch.tensor([True, False, True])
types["complex64"] = torch.tensor([1 + 2j, -3j], dtype=torch.complex64)
types["complex128"] = torch.tensor([1 + 2j, -3j], dtype=torch.complex128)
types["int64_large"] = torch.tensor([2**62, -(2**62)])
types["float32_special"] = torch.tensor([1e-45, 3.4e38, -0.0])
save("types.pth", types, types)

parameters = {"weight": nn.Parameter(torch.ones(2, 2)), "bias": nn.Parameter(torch.arange(2.0), requires_grad=False)}
save("parameters.pth", parameters, parameters)

linear = nn.Linear(2, 2)
optimizer = torch.optim.SGD(linear.parameters(), lr=0.1, momentum=0.9)
linear(torch.ones(1, 2)).sum().backward()
optimizer.step()
average = {key: value * 2 for key, value in linear.state_dict().items()}
checkpoint = {
    "epoch": 3,
    "args": argparse.Namespace(lr=0.1, name="run", large=2**100),
    "model": linear.state_dict(),
    "model_ema": average,
    "optimizer": optimizer.state_dict(),
    "counts": collections.defaultdict(int, a=1),
    "shape": torch.Size([1, 2]),
    "seen": {1, 2},
    "device": torch.device("cpu"),
    "dtype": torch.float16,
    "notes": ["a", (1, 2.5, None, True, b"bytes")],
}
save("checkpoint.pth", checkpoint, linear.state_dict())
expected["checkpoint.pth:model_ema"] = {
    key: {"dtype": "float32", "shape": list(tensor.shape), "numbers": numbers(tensor)} for key, tensor in average.items()
}

parallel = {"state_dict": {"module." + key: value for key, value in linear.state_dict().items()}, "meta": {"version": "1"}}
save("parallel.pth", parallel, parallel["state_dict"])

# What is refused: two sets of weights with no way to tell which, a module as a whole, TorchScript, the format before 1.6, and no dictionary.
save("ambiguous.pth", {"generator": {"w": torch.ones(1)}, "discriminator": {"w": torch.zeros(1)}}, {})
save("module.pth", linear, {})
save("tensor.pth", torch.ones(3), {})
save("legacy.pth", linear.state_dict(), {}, _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(linear), str(HERE / "script.pt"))

(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
