/**
 * A Python program that runs backbones in PyTorch as its users would: channels last, batch norm as a layer, no gradients. It reads a line
 * of JSON a run, `{"net", "size", "batch"}`, with `layers` as a backbone declares them the first time that it is asked for a net, and
 * answers with one, `{"ms"}`. Argument: threads, 0 for all cores.
 */
export const torchSource = `
import json
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(int(sys.argv[1]) or len(os.sched_getaffinity(0)))


class Backbone(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers
        self.ops = nn.ModuleDict()
        self.last_reader = {}
        width = {"input": 3}
        for at, layer in enumerate(layers):
            reads = layer.get("inputs") or [layer["input"]]
            for name in reads:
                self.last_reader[name] = at
            channels = [width[name] for name in reads]
            width[layer["name"]] = sum(channels) if layer["op"] == "concat" else layer.get("filters", channels[0])
            op = self.made(layer, channels[0])
            if op is not None:
                self.ops[str(at)] = op

    def made(self, layer, channels):
        op, stride = layer["op"], layer.get("stride")
        if op in ("conv", "depthwise"):
            depthwise = op == "depthwise"
            filters = channels if depthwise else layer["filters"]
            bias = not depthwise and layer["bias"]
            return nn.Conv2d(
                channels, filters, layer["kernel"], stride, self.pad(layer), groups=channels if depthwise else 1, bias=bias
            )
        if op == "maxPool":
            return nn.MaxPool2d(layer["kernel"], stride, self.pad(layer))
        if op == "averagePool":
            return nn.AvgPool2d(layer["kernel"], stride, self.pad(layer), count_include_pad=False)
        if op == "batchNorm":
            return nn.BatchNorm2d(channels, layer["epsilon"])
        if op in ("relu", "relu6"):
            return nn.ReLU(inplace=True) if op == "relu" else nn.ReLU6(inplace=True)
        return None

    def pad(self, layer):
        top, left, bottom, right = layer["pad"]
        return (top, left) if (top, left) == (bottom, right) else 0

    def forward(self, frames):
        values = {"input": frames}
        for at, layer in enumerate(self.layers):
            reads = layer.get("inputs") or [layer["input"]]
            given = [values[name] for name in reads]
            for name in reads:
                if self.last_reader[name] == at:
                    values.pop(name, None)
            if layer["op"] == "add":
                value = given[0] + given[1]
            elif layer["op"] == "concat":
                value = torch.cat(given, 1)
            else:
                (value,) = given
                top, left, bottom, right = layer.get("pad", (0, 0, 0, 0))
                if (top, left) != (bottom, right):
                    value = functional.pad(value, (left, right, top, bottom))
                # What another layer reads too must stay as it is.
                if layer["op"] in ("relu", "relu6") and reads[0] in values:
                    value = value.clone()
                value = self.ops[str(at)](value)
            values[layer["name"]] = value
        return values[self.layers[-1]["name"]].mean((2, 3))


made = {}


def milliseconds(asked):
    name, key = asked["net"], (asked["size"], asked["batch"])
    if name not in made:
        made[name] = Backbone(asked["layers"]).eval().to(memory_format=torch.channels_last)
    if key not in made:
        made[key] = torch.rand(key[1], 3, key[0], key[0]).to(memory_format=torch.channels_last)
    with torch.inference_mode():
        start = time.perf_counter()
        made[name](made[key])
        return 1000 * (time.perf_counter() - start)


def answer(value):
    print(json.dumps(value), flush=True)


answer({"versions": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"})
for line in sys.stdin:
    answer({"ms": milliseconds(json.loads(line))})
`;
