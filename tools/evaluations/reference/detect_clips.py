"""Detects in clips with OpenCV and ONNX Runtime, as a Python script would: the reference that clip-time.js measures beside.

Reads a line of JSON a clip from standard input, {"path", "frames"}, and answers with one, {"seconds", "boxes"}: the boxes of the frames
that were asked for, [frame, class, score, left, top, right, bottom] in pixels. Threads are as both libraries choose them.

    pip install onnxruntime opencv-python-headless numpy
    python detect_clips.py yolox_nano.onnx
"""

import json
import sys
import time

import cv2
import numpy as np
import onnxruntime

SIZE = 416
STRIDES = (8, 16, 32)
SCORE, IOU = 0.1, 0.45


def letterbox(picture):
    """The picture in the upper left of 416 x 416, grey around it, and by how much it was scaled; YOLOX's own preprocessing."""
    height, width = picture.shape[:2]
    ratio = min(SIZE / height, SIZE / width)
    small = cv2.resize(picture, (int(width * ratio), int(height * ratio)), interpolation=cv2.INTER_LINEAR)
    canvas = np.full((SIZE, SIZE, 3), 114, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    return np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32), ratio


def cells():
    """Left upper corner, in cells, and stride of each row of the output."""
    places, sizes = [], []
    for stride in STRIDES:
        columns = SIZE // stride
        y, x = np.divmod(np.arange(columns * columns), columns)
        places.append(np.stack([x, y], 1))
        sizes.append(np.full((columns * columns, 1), stride))
    return np.concatenate(places), np.concatenate(sizes)


PLACES, SIZES = cells()


def boxes_of(output, ratio):
    """Boxes of at least SCORE, without what a stronger one of the same class covers."""
    rows = output[0]
    score = rows[:, 4] * rows[:, 5:].max(1)
    kept = np.flatnonzero(score >= SCORE)
    label = rows[kept, 5:].argmax(1)
    middle = (rows[kept, :2] + PLACES[kept]) * SIZES[kept]
    size = np.exp(rows[kept, 2:4]) * SIZES[kept]
    corners = np.concatenate([middle - size / 2, middle + size / 2], 1) / ratio
    found = []
    for i in np.argsort(-score[kept], kind="stable"):
        if all(label[i] != label[j] or overlap(corners[i], corners[j]) <= IOU for j in found):
            found.append(i)
    return [[int(label[i]), float(score[kept][i]), *map(float, corners[i])] for i in found]


def overlap(a, b):
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def detect(session, path, frames):
    wanted, found = set(frames), []
    video = cv2.VideoCapture(path)
    index = 0
    # What is not looked at is decoded, but not turned into pixels of colour.
    while index <= max(wanted) and video.grab():
        if index in wanted:
            done, picture = video.retrieve()
            if done:
                pixels, ratio = letterbox(picture)
                output = session.run(None, {session.get_inputs()[0].name: pixels})[0]
                found += [[index, *box] for box in boxes_of(output, ratio)]
        index += 1
    video.release()
    return found


def main():
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    versions = f"OpenCV {cv2.__version__}, ONNX Runtime {onnxruntime.__version__}"
    print(json.dumps({"versions": versions}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        start = time.perf_counter()
        boxes = detect(session, asked["path"], asked["frames"])
        print(json.dumps({"seconds": time.perf_counter() - start, "boxes": boxes}), flush=True)


if __name__ == "__main__":
    main()
