"""Times torchvision's sigmoid focal loss on the CPU with the shapes of `Ballast.Benchmarks losses`. Prints "name<TAB>milliseconds<TAB>megabytes"."""
import resource
import sys
import time

import torch
import torchvision
from torchvision.ops import sigmoid_focal_loss

REPEATS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
THREADS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
ROWS, CLASSES, EVERY = 200_000, 80, 100


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


torch.set_num_threads(THREADS)
print(f"torchvision {torchvision.__version__} on torch {torch.__version__}", flush=True)
logits = torch.randn(ROWS, CLASSES, generator=torch.Generator().manual_seed(1)) - 4
logits.requires_grad_()
labels = torch.full((ROWS,), CLASSES, dtype=torch.int64)
labels[::EVERY] = torch.arange(0, ROWS, EVERY) // EVERY % CLASSES
before = peak()
best = float("inf")
for _ in range(REPEATS + 1):
    logits.grad = None
    start = time.perf_counter()
    # RetinaNet's head in torchvision makes the matrix of targets in every step, too.
    targets = torch.zeros_like(logits)
    objects = labels < CLASSES
    targets[objects, labels[objects]] = 1.0
    sigmoid_focal_loss(logits, targets, reduction="sum").backward()
    best = min(best, time.perf_counter() - start)
print(f"focal\t{best * 1000:.3f}\t{peak() - before:.1f}", flush=True)
