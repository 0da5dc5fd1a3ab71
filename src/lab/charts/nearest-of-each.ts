/** A way of Chart.js to find what is pointed at: of each curve that is shown, the point nearest to the pointer along the x axis. */
import { Interaction, type InteractionItem, type InteractionModeFunction } from 'chart.js';
import { getRelativePosition } from 'chart.js/helpers';

/** How far behind a curve's end a pointer may be that still means it, in pixels. */
const BEYOND_END = 8;

declare module 'chart.js' {
  interface InteractionModeMap {
    nearestOfEach: InteractionModeFunction;
  }
}

Interaction.modes.nearestOfEach = (chart, event): InteractionItem[] => {
  const { x } = getRelativePosition(event, chart);
  return chart.getSortedVisibleDatasetMetas().flatMap(({ data, index: datasetIndex }) => {
    const last = data.at(-1);
    if (!last || x > last.x + BEYOND_END) return [];
    let index = 0;
    for (const [i, point] of data.entries())
      if (Math.abs(point.x - x) < Math.abs((data[index]?.x ?? NaN) - x)) index = i;
    const element = data[index];
    return element ? [{ element, datasetIndex, index }] : [];
  });
};
