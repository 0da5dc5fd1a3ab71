/** The views of the lab. Each is a folder of `views/`, which is loaded when it is first opened. */
import { html, type TemplateResult } from 'lit';
import type { View } from '../store';

type ViewEntry = {
  readonly title: string;
  /** What it shows, in a few words. */
  readonly hint: string;
  /** Brings the view's element. Until it is there, `show` leaves the page empty. */
  readonly load: () => Promise<unknown>;
  readonly show: () => TemplateResult;
};

export const VIEWS: Readonly<Record<View, ViewEntry>> = {
  stage: {
    title: 'Stage',
    hint: 'The same cue coming back in several ways',
    load: () => import('../views/recall/elements/stage-view'),
    show: () => html`<stage-view></stage-view>`,
  },
  classify: {
    title: 'Classify',
    hint: 'A trained network makes up its mind about a digit that you draw',
    load: () => import('../views/classify/elements/classify-view'),
    show: () => html`<classify-view></classify-view>`,
  },
  bench: {
    title: 'Bench',
    hint: 'Every setting, one run at a time, and all runs in the charts',
    load: () => import('../views/bench/bench-view'),
    show: () => html`<bench-view></bench-view>`,
  },
};
