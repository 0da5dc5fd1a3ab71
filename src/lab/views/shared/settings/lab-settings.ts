/** How the lab works and looks, whatever is asked of it: engine, theme and pace. */
import { html, type TemplateResult } from 'lit';
import type { Preference } from '../../../../engine/choose';
import { preferEngine, setSpeed, setTheme, speedText } from '../../../actions/setup';
import type { Theme } from '../../../store';
import { numberOf } from '../../../ui/detail';
import type { Told } from '../../../ui/told-choice';
import '../../../ui/range-field';
import { choiceSetting, type Setting } from './setting';

const engines: readonly Told<Preference>[] = [
  { value: 'auto', label: 'Auto', tells: 'the GPU where there is one, otherwise whichever is faster.' },
  { value: 'webgpu', label: 'WebGPU', tells: 'the GPU, by the browser’s WebGPU.' },
  { value: 'cpu', label: 'CPU', tells: 'the processor, beside the page.' },
];

const themes: readonly Told<Theme>[] = [
  { value: 'system', label: 'System', tells: 'light or dark, as the rest of this device.' },
  { value: 'light', label: 'Light', tells: 'dark ink on light paper.' },
  { value: 'dark', label: 'Dark', tells: 'light ink on dark paper.' },
];

export const engineSetting = (wanted: Preference, inline = false): Setting =>
  choiceSetting('Engine', engines, wanted, preferEngine, inline);

export const themeSetting = (theme: Theme, inline = false): Setting =>
  choiceSetting('Theme', themes, theme, setTheme, inline);

/** How fast time goes by. */
export const speedField = (speed: number, inline: boolean): TemplateResult =>
  html`<range-field
    class="speed"
    label="Speed"
    ?inline=${inline}
    .value=${speed}
    .text=${speedText(speed)}
    .short=${speedText(speed).replace('iterations per second', 'a second')}
    @range-change=${(event: Event) => setSpeed(numberOf(event))}
  ></range-field>`;
