/** The networks and inputs that are made from a seed. */
import { networkName } from '../options';
import { createInput, createWorkload } from '../workload';
import type { Case } from './host';
import type { CpuOptions } from './options';

/** The share of pixels that are 0, as in MNIST. */
const BACKGROUND = 0.81;

export function randomCases({ networks, seed }: CpuOptions): readonly Case[] {
  return networks.map((units) => ({
    name: networkName(units),
    network: createWorkload(units, seed),
    input: (batch) => createInput(batch, units[0] ?? 0, seed + 1, BACKGROUND),
    remark: null,
  }));
}
