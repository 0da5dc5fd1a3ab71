/**
 * Geometry to pixels, for the pictures that are described rather than drawn dot by dot. A region says
 * which points are ink; x runs to the right and y down, in pixels, from the upper left corner.
 */
import type { Memory, Picture } from '../picture';

export type Point = readonly [x: number, y: number];
export type Region = (x: number, y: number) => boolean;

/** Sample points along each side of a pixel. */
const SAMPLES = 8;

/** The region on `width` × `height` pixels: ink where it covers at least half of the pixel. */
export function rasterise(region: Region, width: number, height: number): Picture {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = coversHalf(region, x, y) ? 1 : -1;
  }
  return { width, height, values };
}

/** A memory of a region. Its picture is made when it is first asked for: all of them take longer than the page to open. */
export function memoryOf(name: string, region: Region, width: number, height: number): Memory {
  let picture: Picture | undefined;
  return {
    name,
    get picture() {
      return (picture ??= rasterise(region, width, height));
    },
  };
}

/** Whether the region covers at least half of the pixel at (x, y): looks no further than it takes to know. */
function coversHalf(region: Region, x: number, y: number): boolean {
  const half = SAMPLES ** 2 / 2;
  let inside = 0;
  for (let k = 0; inside < half && k - inside <= half; k++) {
    const across = ((k % SAMPLES) + 0.5) / SAMPLES;
    const down = (Math.floor(k / SAMPLES) + 0.5) / SAMPLES;
    if (region(x + across, y + down)) inside++;
  }
  return inside >= half;
}

export function union(...regions: readonly Region[]): Region {
  return (x, y) => regions.some((region) => region(x, y));
}

/** What is in `region` and not in `hole`. */
export function without(region: Region, hole: Region): Region {
  return (x, y) => region(x, y) && !hole(x, y);
}

export function ellipse(cx: number, cy: number, rx: number, ry = rx): Region {
  return (x, y) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
}

/** The inside of a closed outline: a ray from the point crosses it an odd number of times. */
export function polygon(...corners: readonly Point[]): Region {
  return (x, y) => {
    let inside = false;
    let [bx, by] = corners.at(-1) ?? [0, 0];
    for (const [ax, ay] of corners) {
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
      [bx, by] = [ax, ay];
    }
    return inside;
  };
}

/** A line through the points, `thickness` wide, with round ends and corners. */
export function stroke(thickness: number, ...points: readonly Point[]): Region {
  const segments = points.map(([ax, ay], i) => {
    const [bx, by] = points[Math.max(0, i - 1)] ?? [ax, ay];
    const [dx, dy] = [ax - bx, ay - by];
    return { bx, by, dx, dy, squaredLength: dx * dx + dy * dy || 1 };
  });
  const squaredReach = (thickness / 2) ** 2;
  return (x, y) =>
    segments.some(({ bx, by, dx, dy, squaredLength }) => {
      const t = Math.min(1, Math.max(0, ((x - bx) * dx + (y - by) * dy) / squaredLength));
      return (x - bx - t * dx) ** 2 + (y - by - t * dy) ** 2 <= squaredReach;
    });
}

/** Points along an ellipse, from one angle to another, in degrees: 0 is right and 90 is down. */
export function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Point[] {
  const steps = Math.ceil(Math.abs(to - from) / 6);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
}
