/**
 * Geometry to pixels, for the pictures that are described rather than drawn dot by dot. A region says
 * which points are ink; x runs to the right and y down, in pixels, from the upper left corner.
 */
import type { Picture } from '../picture';

export type Point = readonly [x: number, y: number];
export type Region = (x: number, y: number) => boolean;

/** Sample points along each side of a pixel. */
const SAMPLES = 8;

/** The region on `width` × `height` pixels: ink where it covers at least half of the pixel. */
export function rasterise(region: Region, width: number, height: number): Picture {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = 2 * coverage(region, x, y) >= 1 ? 1 : -1;
  }
  return { width, height, values };
}

/** The share of the pixel at (x, y) that the region covers. */
function coverage(region: Region, x: number, y: number): number {
  let inside = 0;
  for (let j = 0; j < SAMPLES; j++) {
    for (let i = 0; i < SAMPLES; i++) {
      if (region(x + (i + 0.5) / SAMPLES, y + (j + 0.5) / SAMPLES)) inside++;
    }
  }
  return inside / SAMPLES ** 2;
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
  return (x, y) => {
    let [bx, by] = points[0] ?? [Infinity, Infinity];
    for (const [ax, ay] of points) {
      const [dx, dy] = [ax - bx, ay - by];
      const along = ((x - bx) * dx + (y - by) * dy) / (dx * dx + dy * dy || 1);
      const t = Math.min(1, Math.max(0, along));
      if (Math.hypot(x - bx - t * dx, y - by - t * dy) <= thickness / 2) return true;
      [bx, by] = [ax, ay];
    }
    return false;
  };
}

/** Points along an ellipse, from one angle to another, in degrees: 0 is right and 90 is down. */
export function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Point[] {
  const steps = Math.ceil(Math.abs(to - from) / 6);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
}
