/** The ten digits, written with one broad round pen. */
import type { MemorySet } from '../picture';
import { arc, ellipse, memoryOf, stroke, union, without, type Point, type Region } from './raster';

const SIDE = 28;
const PEN = 5.5;

/** Where the middle of the pen goes: a digit's left, middle and right, its top and its foot. */
const LEFT = 5.5;
const MIDDLE = 14;
const RIGHT = 22.5;
const TOP = 3.75;
const FOOT = 24.25;

const pen = (...points: readonly Point[]): Region => stroke(PEN, ...points);
const loop = (cx: number, cy: number, rx: number, ry: number): Region =>
  without(ellipse(cx, cy, rx + PEN / 2, ry + PEN / 2), ellipse(cx, cy, rx - PEN / 2, ry - PEN / 2));

const drawings: readonly Region[] = [
  loop(MIDDLE, MIDDLE, 8.25, 10.25),
  union(pen([7.5, 8], [13.5, TOP], [MIDDLE, TOP], [MIDDLE, FOOT]), pen([6.5, FOOT], [21.5, FOOT])),
  pen(...arc(MIDDLE, 10, 7.5, 6.25, -165, 35), [LEFT + 0.5, FOOT], [RIGHT - 0.25, FOOT]),
  union(
    pen(...arc(13, 8.5, 7.5, 4.75, -155, 90), [11.5, 13.25]),
    pen([11.5, 13.25], ...arc(13, 18.75, 8.5, 5.5, -90, 155)),
  ),
  union(pen([13.5, TOP], [LEFT - 0.5, 18], [RIGHT + 0.5, 18]), pen([17.5, 11.5], [17.5, FOOT])),
  pen([RIGHT - 1.5, TOP], [7.5, TOP], [6.75, 12.5], ...arc(13, 17.5, 8.5, 6.75, -130, 155)),
  union(loop(MIDDLE, 17.5, 8.25, 6.75), pen(...arc(19, 17.5, 13.25, 13.75, 180, 270))),
  pen([LEFT, TOP], [RIGHT, TOP], ...arc(25, FOOT, 13, 14.5, 235, 180)),
  without(
    union(ellipse(MIDDLE, 8.5, 9.75, 7.5), ellipse(MIDDLE, 18.75, 11, 8.25)),
    union(ellipse(MIDDLE, 8.5, 4.25, 2.6), ellipse(MIDDLE, 18.75, 5.25, 2.75)),
  ),
  union(loop(MIDDLE, 10.5, 8.25, 6.75), pen(...arc(9, 10.5, 13.25, 13.75, 0, 90))),
];

export const digits: MemorySet = {
  name: 'Digits',
  width: SIDE,
  height: SIDE,
  memories: drawings.map((drawing, digit) => memoryOf(String(digit), drawing, SIDE, SIDE)),
};
