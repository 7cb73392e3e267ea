"""Times torchvision's operators on the CPU with the shapes of `Ballast.Benchmarks operators`. Prints "name<TAB>wall<TAB>processors",
milliseconds, the least of the repetitions."""
import sys
import time

import torch
import torchvision
from torchvision.ops import MultiScaleRoIAlign, deform_conv2d, nms

REPEATS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
THREADS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
SIDE, CHANNELS, ROIS, BOXES = 800, 256, 512, 10_000


def uniform(count, draw):
    """The additive sequence that OperatorInputs.Uniform makes, double precision."""
    step = (0.7548776662466927, 0.5698402909980532, 0.8191725133961645, 0.6710436067037893, 0.5497004779019703)[draw]
    values = (torch.arange(1, count + 1, dtype=torch.float64) * step) % 1.0
    return values


def boxes(count, side, least, most):
    size = least * (most / least) ** uniform(count, 0)
    ratio = 2 ** (uniform(count, 1) - 0.5)
    width, height = size * ratio, size / ratio
    x, y = uniform(count, 2) * (side - width).clamp(min=0), uniform(count, 3) * (side - height).clamp(min=0)
    return torch.stack([x, y, (x + width).clamp(max=side), (y + height).clamp(max=side)], 1).float()


def least(action):
    wall, cpu = float("inf"), float("inf")
    for _ in range(REPEATS + 1):
        start, used = time.perf_counter(), time.process_time()
        action()
        wall, cpu = min(wall, time.perf_counter() - start), min(cpu, time.process_time() - used)
    return wall * 1000, cpu * 1000


def report(name, times):
    print(f"{name}\t{times[0]:.3f}\t{times[1]:.3f}", flush=True)


def roi_align():
    features = {str(i): torch.randn(1, CHANNELS, SIDE // s, SIDE // s, requires_grad=True) for i, s in enumerate((4, 8, 16, 32))}
    rois = [boxes(ROIS, SIDE, 16, 700)]
    pool = MultiScaleRoIAlign(list(features), 7, 2)

    def forward():
        with torch.no_grad():
            pool(features, rois, [(SIDE, SIDE)])

    def both():
        for feature in features.values():
            feature.grad = None
        output = pool(features, rois, [(SIDE, SIDE)])
        output.backward(torch.ones_like(output))

    report("roi-align forward", least(forward))
    report("roi-align both", least(both))


def deformable():
    shapes = {"input": (2, 256, 64, 64), "offset": (2, 18, 64, 64), "mask": (2, 9, 64, 64), "weight": (256, 256, 3, 3), "bias": (256,)}
    tensors = {name: torch.randn(shape, requires_grad=True) for name, shape in shapes.items()}

    def convolve():
        return deform_conv2d(**tensors, padding=1)

    def forward():
        with torch.no_grad():
            convolve()

    def both():
        for tensor in tensors.values():
            tensor.grad = None
        output = convolve()
        output.backward(torch.ones_like(output))

    report("deformable forward", least(forward))
    report("deformable both", least(both))


def product():
    columns, matrix = torch.randn(2 * 64 * 64, 9 * 256), torch.randn(9 * 256, 256)
    report("product", least(lambda: columns @ matrix))


def suppression():
    candidates, scores = boxes(BOXES, SIDE, 16, 300), uniform(BOXES, 4).float()
    report("suppression", least(lambda: nms(candidates, scores, 0.5)))


torch.manual_seed(1)
torch.set_num_threads(THREADS)
print(f"torchvision {torchvision.__version__}, torch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
roi_align()
deformable()
product()
suppression()
