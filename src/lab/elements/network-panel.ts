/** What runs: the network's energy, the order of its updates, and how far each one goes. */
import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import {
  chooseNetwork,
  chooseSchedule,
  setCriterion,
  setDamping,
  setMemory,
  setMemoryStart,
} from '../actions/setup';
import type { Schedule } from '../../solve/settings';
import type { AssociativeKind, AssociativeMemory, MemoryStart } from '../../train/associative';
import { parameters } from '../../train/parameters';
import { chosenMemory } from '../store';
import { Watch } from '../watch';
import type { Choice } from './choice-field';
import { controls } from './controls.css';
import { numberOf, textOf } from './detail';
import './choice-field';
import './number-field';

const networks: readonly (Choice & { readonly value: AssociativeKind })[] = [
  {
    value: 'classical',
    label: 'Classical',
    hint: 'Pseudo-inverse weights: holds as many memories as they are independent.',
  },
  {
    value: 'dense',
    label: 'Dense',
    hint: 'Memory units raise their drive to a power, so that the nearest memory wins.',
  },
  {
    value: 'modern',
    label: 'Modern',
    hint: 'A softmax over memories: one even-odd iteration all but decides.',
  },
];

const schedules: readonly (Choice & { readonly value: Schedule })[] = [
  {
    value: 'synchronous',
    label: 'Synchronous',
    hint: 'Both layers at once, each from the old state of the other.',
  },
  {
    value: 'even-odd',
    label: 'Even-odd',
    hint: 'Memory units first, then pixels from them: about half the iterations.',
  },
];

const solvers: readonly Choice[] = [
  { value: 'picard', label: 'Picard', hint: 'Moves each unit to its drive, less the damping.' },
];

const starts: readonly (Choice & { readonly value: MemoryStart })[] = [
  { value: 'best', label: 'Best for the cue', hint: 'Memory units start at their drive from the cue.' },
  {
    value: 'zero',
    label: 'Zero',
    hint: 'A lesson: synchronous then ends in a two-cycle, since one of its two interleaved runs starts from nothing.',
  },
];

function pick<T extends string>(
  choices: readonly (Choice & { readonly value: T })[],
  event: Event,
): T | undefined {
  return choices.find(({ value }) => value === textOf(event))?.value;
}

@customElement('network-panel')
export class NetworkPanel extends LitElement {
  static override styles = [
    controls,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 168px), 1fr));
        gap: calc(1.25 * var(--space)) calc(1.5 * var(--space));
      }
      .numbers {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(92px, 1fr));
        gap: calc(1.25 * var(--space));
      }
    `,
  ];

  private readonly shown = new Watch(this, (state) => ({
    memory: chosenMemory(state),
    solve: state.solve,
    memoryStart: state.memoryStart,
  }));

  protected override render() {
    const { memory, solve, memoryStart } = this.shown.value;
    return html`
      <section class="card" aria-labelledby="title">
        <h2 id="title">Network and solver</h2>
        <div class="grid">
          <choice-field
            label="Network"
            .value=${memory.kind}
            .choices=${networks}
            @choice-change=${(event: Event) => {
              const kind = pick(networks, event);
              if (kind) chooseNetwork(kind);
            }}
          ></choice-field>
          <choice-field
            label="Schedule"
            .value=${solve.schedule}
            .choices=${schedules}
            @choice-change=${(event: Event) => {
              const schedule = pick(schedules, event);
              if (schedule) chooseSchedule(schedule);
            }}
          ></choice-field>
          <choice-field label="Solver" .value=${solve.solver.kind} .choices=${solvers}></choice-field>
          <choice-field
            label="Memory start"
            .value=${memoryStart}
            .choices=${starts}
            @choice-change=${(event: Event) => {
              const start = pick(starts, event);
              if (start) setMemoryStart(start);
            }}
          ></choice-field>
        </div>
        <div class="numbers">
          ${this.parameters(memory)}
          <number-field
            label="Damping"
            .min=${0}
            .max=${0.99}
            .value=${solve.solver.damping}
            hint="0 takes whole steps; 0.5 takes half of each"
            @number-change=${(event: Event) => setDamping(numberOf(event))}
          ></number-field>
          <number-field
            label="Tolerance"
            .min=${1e-12}
            .max=${0.5}
            .value=${solve.tolerance}
            hint="A run has converged when its map residual is below this"
            @number-change=${(event: Event) => setCriterion({ tolerance: numberOf(event) })}
          ></number-field>
          <number-field
            label="Iteration limit"
            step="1"
            .min=${1}
            .max=${1_000_000}
            .value=${solve.iterationLimit}
            hint="The last iteration that is tried"
            @number-change=${(event: Event) => setCriterion({ iterationLimit: numberOf(event) })}
          ></number-field>
        </div>
      </section>
    `;
  }

  private parameters(memory: AssociativeMemory) {
    switch (memory.kind) {
      case 'classical':
        return this.gain(memory);
      case 'dense':
        return html`${this.gain(memory)}
          <number-field
            label="Degree"
            .min=${parameters.dense.degree.min}
            .max=${parameters.dense.degree.max}
            .value=${memory.degree}
            hint="The power that memory units raise their drive to"
            @number-change=${(event: Event) => setMemory({ ...memory, degree: numberOf(event) })}
          ></number-field>`;
      case 'modern':
        return html`<number-field
          label="Sharpness β·N"
          .min=${parameters.modern.sharpness.min}
          .max=${parameters.modern.sharpness.max}
          .value=${memory.sharpness}
          hint="β times the number of pixels: higher decides harder"
          @number-change=${(event: Event) => setMemory({ ...memory, sharpness: numberOf(event) })}
        ></number-field>`;
    }
  }

  private gain(memory: Exclude<AssociativeMemory, { kind: 'modern' }>) {
    return html`<number-field
      label="Gain"
      .min=${parameters[memory.kind].gain.min}
      .max=${parameters[memory.kind].gain.max}
      .value=${memory.gain}
      hint="How steep the tanh of the pixels is"
      @number-change=${(event: Event) => setMemory({ ...memory, gain: numberOf(event) })}
    ></number-field>`;
  }
}
