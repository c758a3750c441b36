"""How far apart two colours look, and to whom: contrast, colour blindness, CIEDE2000.

Contrast after WCAG 2.2. Colour blindness after machado2009, severity 1.0, on linear light. Distance after sharma2005
(CIEDE2000). Colours are "#rrggbb".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float64]  # float64[3]

VISIONS: dict[str, Colour] = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])


def light(colour: str) -> Colour:
    """float64[3], red, green and blue as amounts of light, 0 to 1."""
    coded = np.array([*bytes.fromhex(colour[1:])]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, bright = sorted(float(light(colour) @ TO_XYZ[1]) + 0.05 for colour in (one, other))
    return bright / dark


def lab(colour: str, vision: str = "normal") -> Colour:
    """float64[3], CIE L*a*b* under D65, as somebody with that vision sees it."""
    seen = np.clip(VISIONS[vision] @ light(colour), 0, 1)
    part = TO_XYZ @ seen / WHITE
    root = np.where(part > 216 / 24389, np.cbrt(part), part * 841 / 108 + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(one: Colour, other: Colour) -> float:
    """CIEDE2000 between two colours in L*a*b*; 1 is about what can just be told apart."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean7 / (mean7 + 25**7))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0  # a grey has no hue

    turn = 0.0 if grey else (h2 - h1 + 180) % 360 - 180
    lightness, chroma = l2 - l1, c2 - c1
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    if grey:
        mean_h = h1 + h2
    elif abs(h1 - h2) <= 180:
        mean_h = (h1 + h2) / 2
    else:
        mean_h = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2

    def cosine(times: int, shift: float) -> float:
        return float(np.cos(np.radians(times * mean_h + shift)))

    weight = 1 - 0.17 * cosine(1, -30) + 0.24 * cosine(2, 0) + 0.32 * cosine(3, 6) - 0.20 * cosine(4, -63)
    of_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    of_c, of_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * weight
    blue = 30 * np.exp(-(((mean_h - 275) / 25) ** 2))
    twist = -np.sin(np.radians(2 * blue)) * 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    parts = lightness / of_l, chroma / of_c, hue / of_h
    return float(np.sqrt(sum(part**2 for part in parts) + twist * parts[1] * parts[2]))


def apart(one: str, other: str, vision: str = "normal") -> float:
    """CIEDE2000 between two colours as somebody with that vision sees them."""
    return distance(lab(one, vision), lab(other, vision))


def ramp(stops: Sequence[str], points: int) -> list[str]:
    """A scale at so many even places, as a picture paints it between its stops."""
    channels = np.array([[*bytes.fromhex(stop[1:])] for stop in stops], float)
    places = np.linspace(0, len(stops) - 1, points)
    mixed = [np.interp(places, range(len(stops)), channels[:, k]) for k in range(3)]
    return ["#" + "".join(f"{round(part):02x}" for part in colour) for colour in zip(*mixed, strict=True)]
