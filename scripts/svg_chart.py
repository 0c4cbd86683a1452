# SPDX-License-Identifier: Apache-2.0
"""Line charts as SVG text, with nothing but the standard library."""
import math
from html import escape

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")  # told apart by all eyes
LEFT, TOP, WIDTH, HEIGHT = 70, 34, 400, 260  # of the frame that lines are drawn in, in pixels


def _ticks(low, high, logarithmic):
    """Round values between two others."""
    if logarithmic:
        return [2.0 ** power for power in range(math.ceil(math.log2(low) - 1e-9), math.floor(math.log2(high) + 1e-9) + 1)]
    step = 10.0 ** math.floor(math.log10((high - low) / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (factor * step) <= 6)
    return [step * count for count in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


class _Axis:
    def __init__(self, values, begin, end, logarithmic):
        self.scale = math.log2 if logarithmic else float
        low, high = min(values), max(values)
        if low == high:  # one value still needs an axis around it
            low, high = (low / 2, high * 2) if logarithmic and low > 0 else (low - 1, high + 1)
        self.low, self.high, self.begin, self.end = low, high, begin, end
        self.ticks = _ticks(low, high, logarithmic)

    def __call__(self, value):
        share = (self.scale(value) - self.scale(self.low)) / (self.scale(self.high) - self.scale(self.low))
        return self.begin + share * (self.end - self.begin)


def line_chart(title, x_label, y_label, series, logarithmic=False):
    """A chart as a complete SVG document. series: [(name, [(x, y), ...])], at least one point among all; points that are
    not finite are left out. logarithmic: both axes, base 2; values must be positive then."""
    series = [(name, [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]) for name, points in series]
    everything = [point for _, points in series for point in points]
    if not everything:
        raise ValueError(f"{title}: there is no point to draw")
    x = _Axis([point[0] for point in everything], LEFT, LEFT + WIDTH, logarithmic)
    y = _Axis([point[1] for point in everything], TOP + HEIGHT, TOP, logarithmic)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 230}" height="{TOP + HEIGHT + 50}" '
           'font-family="sans-serif" font-size="12">',
           '<rect width="100%" height="100%" fill="white"/>',
           f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}</text>',
           f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#888"/>',
           f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle">{escape(x_label)}</text>',
           f'<text transform="translate(16 {TOP + HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(y_label)}</text>']
    for value in x.ticks:
        out.append(f'<path d="M{x(value):.1f} {TOP}v{HEIGHT}" stroke="#ddd"/><text x="{x(value):.1f}" '
                   f'y="{TOP + HEIGHT + 16}" text-anchor="middle">{value:g}</text>')
    for value in y.ticks:
        out.append(f'<path d="M{LEFT} {y(value):.1f}h{WIDTH}" stroke="#ddd"/><text x="{LEFT - 6}" '
                   f'y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    for number, (name, points) in enumerate(series):
        colour, line = COLOURS[number % len(COLOURS)], TOP + 10 + 18 * number
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in sorted(points))
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{colour}"/>' for a, b in points]
        out.append(f'<path d="M{LEFT + WIDTH + 14} {line}h18" stroke="{colour}" stroke-width="2"/>'
                   f'<text x="{LEFT + WIDTH + 38}" y="{line + 4}">{escape(name)}</text>')
    return "\n".join([*out, "</svg>", ""])
