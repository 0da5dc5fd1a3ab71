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

/** A choice whose meaning is told beneath all of them, since there is no room below each. */
type Told<T extends string = string> = Choice & { readonly value: T; readonly tells: string };

import { controls } from './controls.css';
import { numberOf, textOf } from './detail';
import './choice-field';
import './number-field';

const networks: readonly Told<AssociativeKind>[] = [
  {
    value: 'classical',
    label: 'Classical',
    tells: 'pseudo-inverse weights hold as many memories as there are pixels, if they are independent.',
  },
  {
    value: 'dense',
    label: 'Dense',
    tells: 'memory units raise their drive to a power, so that the nearest memory wins.',
  },
  {
    value: 'modern',
    label: 'Modern',
    tells: 'a softmax picks among the memories, and one even-odd iteration all but decides.',
  },
];

const schedules: readonly Told<Schedule>[] = [
  {
    value: 'synchronous',
    label: 'Synchronous',
    tells: 'both layers at once, each from the old state of the other.',
  },
  {
    value: 'even-odd',
    label: 'Even-odd',
    tells: 'memory units first, then pixels from them, in about half the iterations.',
  },
];

const solvers: readonly Told[] = [
  { value: 'picard', label: 'Picard', tells: 'moves each unit to its drive, less the damping.' },
];

const starts: readonly Told<MemoryStart>[] = [
  { value: 'best', label: 'Best for the cue', tells: 'memory units start at their drive from the cue.' },
  {
    value: 'zero',
    label: 'Zero',
    tells:
      'a lesson, since synchronous then ends in a two-cycle: one of its two interleaved runs starts from nothing.',
  },
];

function pick<T extends string>(choices: readonly Told<T>[], event: Event): T | undefined {
  return choices.find(({ value }) => value === textOf(event))?.value;
}

@customElement('network-panel')
export class NetworkPanel extends LitElement {
  static override styles = [
    controls,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 122px), 1fr));
        gap: calc(1.25 * var(--space)) calc(1.5 * var(--space));
      }
      /* Four do not fit beside the charts here; three and one would look forgotten. */
      @media (min-width: 1200px) and (max-width: 1360px) {
        .grid {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
      .numbers {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(88px, 1fr));
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
        <p class="hint" aria-live="polite">${this.explanation()}</p>
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

  /** What the chosen network and schedule do; the memory start only where it is not the usual one. */
  private explanation(): string {
    const { memory, solve, memoryStart } = this.shown.value;
    const told = [
      networks.find(({ value }) => value === memory.kind),
      schedules.find(({ value }) => value === solve.schedule),
      ...(memoryStart === 'zero' ? [starts.find(({ value }) => value === memoryStart)] : []),
    ];
    return told.map((choice) => (choice ? `${choice.label}: ${choice.tells}` : '')).join(' ');
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
