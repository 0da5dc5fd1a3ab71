/** The lab as a person finds it: by role and name. */
import { expect, type Locator, type Page } from 'playwright/test';

export const ended =
  /^(Converged after|Stopped at the limit of|Diverged after|Oscillates between two states after) \d+ iterations?: .+ \(.*(overlap −?\d\.\d\d|zero|not finite)\)$/;

/**
 * Opens the lab's bench and waits for the retrieval that it begins with: on the CPU, which starts soonest, for whatever does
 * not ask for another engine. `?` alone leaves the choice to the lab.
 */
export async function openLab(page: Page, query = '?engine=cpu'): Promise<void> {
  await page.goto(`./${query}&view=bench`);
  await expect(outcome(page)).toHaveText(ended);
}

export function outcome(page: Page): Locator {
  return page.getByRole('status');
}

export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

export function chooseFrom(page: Page, box: string, option: string): Promise<readonly string[]> {
  return page.getByRole('combobox', { name: box, exact: true }).selectOption({ label: option });
}

export function memory(page: Page, name: string): Locator {
  return page.getByRole('listbox', { name: 'Memories' }).getByRole('option', { name, exact: true });
}

/** Types over what stands in a field of numbers: when Playwright fills one, Firefox keeps what was there. */
export async function typeNumber(field: Locator, value: number): Promise<void> {
  await field.press('ControlOrMeta+a');
  await field.pressSequentially(String(value));
}

export function setNumber(page: Page, name: string, value: number): Promise<void> {
  return typeNumber(page.getByRole('spinbutton', { name, exact: true }), value);
}

export function setSlider(page: Page, name: string, value: number): Promise<void> {
  return page.getByRole('slider', { name, exact: true }).fill(String(value));
}

/** Iterations of the run that has just ended. */
export async function iterations(page: Page): Promise<number> {
  return Number(/\d+/.exec(await outcome(page).innerText())?.[0]);
}

/** Retrieves as fast as it goes and returns the final words. */
export async function retrieve(page: Page): Promise<string> {
  await button(page, 'Retrieve').click();
  await expect(outcome(page)).toHaveText(ended);
  return outcome(page).innerText();
}

/** The cue's pixels, as drawn. */
export function cuePixels(page: Page): Promise<string> {
  return pixels(page.getByRole('application', { name: 'Cue' }).locator('canvas'));
}

/** What a canvas shows, as a short text (FNV-1a). Not as a PNG, to which Firefox adds a tag of its own. */
export function pixels(canvas: Locator): Promise<string> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    const data = element.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    let hash = 0x811c9dc5;
    for (const byte of data) hash = Math.imul(hash ^ byte, 0x01000193);
    return `${width} × ${height}, ${(hash >>> 0).toString(16)}`;
  });
}
