/** Twelve shapes, each told apart at a glance. */
import type { MemorySet } from '../picture';
import { ellipse, memoryOf, polygon, stroke, union, without, type Point, type Region } from './raster';

const SIDE = 32;
const MIDDLE = SIDE / 2;

const drawings: Readonly<Record<string, Region>> = {
  Circle: without(ellipse(MIDDLE, MIDDLE, 14), ellipse(MIDDLE, MIDDLE, 8)),
  Square: polygon([4, 4], [28, 4], [28, 28], [4, 28]),
  Triangle: polygon([16, 2], [31, 28], [1, 28]),
  Diamond: without(diamond(16), diamond(7)),
  Star: polygon(...star(17.5, 16.5, 7.4)),
  Heart: union(
    ellipse(9.1, 10.4, 7.3),
    ellipse(22.9, 10.4, 7.3),
    polygon([3.1, 14.5], [9.1, 9], [16, 11], [22.9, 9], [28.9, 14.5], [16, 30]),
  ),
  Crescent: without(ellipse(MIDDLE, MIDDLE, 14), ellipse(22.5, 12.5, 10.75)),
  Cross: union(stroke(7.5, [6, 6], [26, 26]), stroke(7.5, [26, 6], [6, 26])),
  Arrow: polygon([1, 11], [16, 11], [16, 3], [31, 16], [16, 29], [16, 21], [1, 21]),
  Bolt: polygon([18, 1], [4, 18], [13, 18], [9, 31], [28, 12], [19, 12], [26, 1]),
  Spiral: stroke(4.2, ...spiral(14.6, 17.4, 6.6)),
  Hourglass: polygon(
    [3, 2],
    [29, 2],
    [29, 6],
    [18.5, 16],
    [29, 26],
    [29, 30],
    [3, 30],
    [3, 26],
    [13.5, 16],
    [3, 6],
  ),
};

function diamond(radius: number): Region {
  return (x, y) => Math.abs(x - MIDDLE) + Math.abs(y - MIDDLE) <= radius;
}

/** Five points, standing on two of them, about the middle of the field at height `cy`. */
function star(cy: number, outer: number, inner: number): Point[] {
  return Array.from({ length: 10 }, (_, i) => {
    const angle = Math.PI * (i / 5 - 0.5);
    const radius = i % 2 === 0 ? outer : inner;
    return [MIDDLE + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  });
}

/** From near (cx, cy) outwards, `gap` further with each of its two turns. */
function spiral(cx: number, cy: number, gap: number): Point[] {
  const steps = 80;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const turn = 0.3 + (1.7 * i) / steps;
    const angle = turn * 2 * Math.PI;
    return [cx + gap * turn * Math.cos(angle), cy + gap * turn * Math.sin(angle)];
  });
}

export const shapes: MemorySet = {
  name: 'Shapes',
  width: SIDE,
  height: SIDE,
  memories: Object.entries(drawings).map(([name, drawing]) => memoryOf(name, drawing, SIDE, SIDE)),
};
