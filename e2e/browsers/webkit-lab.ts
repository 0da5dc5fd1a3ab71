/** The lab in WebKitGTK, as a person finds it: by role and name, which the accessibility checker tells here. */
import { readFile } from 'node:fs/promises';
import { expect } from 'playwright/test';
import { ended } from '../lab';
import { savedText } from './downloads';
import type { Handle, Point, WebDriverSession } from './webdriver';

const axe = new URL('../../node_modules/axe-core/axe.min.js', import.meta.url);

/** All elements with a role and a name, in the page and in its shadow trees. */
const FIND = `
  const [role, name] = arguments;
  axe.setup(document);
  try {
    return axe.utils
      .querySelectorAll(axe._tree, '*')
      .filter((node) => axe.commons.aria.getRole(node) === role)
      .filter((node) => name === null || axe.commons.text.accessibleTextVirtual(node).trim() === name)
      .map(({ actualNode }) => actualNode);
  } finally {
    axe.teardown();
  }`;

/** Keeps what goes to the console as an error, and what nobody catches. */
const LISTEN = `
  globalThis.faults = [];
  const { error } = console;
  console.error = (...words) => {
    faults.push(words.join(' '));
    error.apply(console, words);
  };
  addEventListener('error', ({ message }) => faults.push(message));
  addEventListener('unhandledrejection', ({ reason }) => faults.push(String(reason)));`;

export class WebKitLab {
  constructor(
    private readonly session: WebDriverSession,
    private readonly address: string,
    private readonly downloads: string,
  ) {}

  /** Opens the lab and waits for the retrieval that it begins with. */
  async open(): Promise<void> {
    await this.session.goTo(`${this.address}?view=bench`);
    await this.session.evaluate(`${LISTEN}\n${await readFile(axe, 'utf8')}`);
    await this.expectOutcome(ended);
  }

  /** The only element with this role and name; without a name, the only one with this role. */
  async find(role: string, name: string | null = null): Promise<Handle> {
    const found = (await this.session.evaluate(FIND, role, name)) as readonly Handle[];
    const [element] = found;
    if (element && found.length === 1) return element;
    throw new Error(`${found.length} elements with the role ${role} and the name ${name ?? 'of any kind'}`);
  }

  async press(role: string, name: string): Promise<void> {
    await this.session.click(await this.find(role, name));
  }

  /** Types over what stands in a field of numbers. */
  async setNumber(name: string, value: number): Promise<void> {
    await this.session.fill(await this.find('spinbutton', name), String(value));
  }

  /** Presses a key on the element that has this role and name. */
  async key(role: string, name: string, key: string): Promise<void> {
    await this.session.type(await this.find(role, name), key);
  }

  /** Draws with the mouse on the cue, from point to point, in pixels from its middle. */
  async draw(points: readonly Point[]): Promise<void> {
    await this.session.drag(await this.find('application', 'Cue'), points);
  }

  async cuePixels(): Promise<unknown> {
    const cue = await this.find('application', 'Cue');
    return this.session.evaluate('return arguments[0].querySelector("canvas").toDataURL()', cue);
  }

  async words(role: string): Promise<unknown> {
    return this.session.evaluate('return arguments[0].textContent.trim()', await this.find(role));
  }

  /** Chooses an option of a field. Its name alone says which, so it must be the only one of that name. */
  choose(option: string): Promise<void> {
    return this.press('option', option);
  }

  async expectOutcome(words: RegExp): Promise<void> {
    // The view is loaded after the page; until then there is no status.
    await expect(async () => expect(await this.words('status')).toMatch(words)).toPass({
      intervals: [200],
      timeout: 30_000,
    });
  }

  /** Exports by the menu and returns what the browser saved. */
  async exported(item: string, extension: string): Promise<string> {
    await this.press('button', 'Export');
    await this.press('menuitem', item);
    return savedText(this.downloads, extension);
  }

  async faults(): Promise<unknown> {
    return this.session.evaluate('return globalThis.faults');
  }
}
