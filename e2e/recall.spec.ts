/**
 * Every memory of every built-in set comes back from 20 % flipped pixels, through the interface. More damage, of more
 * kinds and seeds, is the business of src/memory/recall.test.ts.
 */
import { expect, test, type Page } from 'playwright/test';
import { builtInSets } from '../src/patterns/sets';
import { button, chooseFrom, openLab, outcome, setSlider } from './lab';

type Recall = { readonly memory: string; readonly seed: string; readonly words: string };

/** Presses the lab's own controls for each memory, with seeds in turn, and reads its final words. */
async function recallAll(page: Page): Promise<readonly Recall[]> {
  const handles = {
    options: await page.getByRole('listbox', { name: 'Memories' }).elementHandle(),
    seed: await page.getByRole('spinbutton', { name: 'Seed' }).elementHandle(),
    corrupt: await button(page, 'Corrupt').elementHandle(),
    retrieve: await button(page, 'Retrieve').elementHandle(),
    status: await outcome(page).elementHandle(),
  };
  return page.evaluate(async ({ options, seed, corrupt, retrieve, status }) => {
    if (!options || !(seed instanceof HTMLInputElement) || !status) throw new Error('a control is missing');
    const press = (target: Element | null | undefined): void => {
      if (!(target instanceof HTMLElement)) throw new Error('a button is missing');
      target.click();
    };
    const results: Recall[] = [];
    for (const [i, option] of [...options.querySelectorAll('[role=option]')].entries()) {
      const memory = option.getAttribute('aria-label') ?? '';
      press(option);
      seed.value = String((i % 3) + 1);
      seed.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      press(corrupt);
      press(retrieve);
      do await new Promise(requestAnimationFrame);
      while (!status.textContent?.includes('overlap'));
      results.push({ memory, seed: seed.value, words: status.textContent.trim() });
    }
    return results;
  }, handles);
}

for (const { name: set, memories } of builtInSets) {
  test(`${set} come back`, async ({ page }) => {
    await openLab(page);
    await chooseFrom(page, 'Memory set', set);
    await chooseFrom(page, 'Corruption', 'Flip pixels');
    await setSlider(page, 'Amount', 20);
    await setSlider(page, 'Speed', 100);
    for (const network of ['Classical', 'Modern']) {
      await chooseFrom(page, 'Network', network);
      for (const schedule of ['Synchronous', 'Even-odd']) {
        await chooseFrom(page, 'Schedule', schedule);
        await button(page, 'Remove all').click();
        const recalls = await recallAll(page);
        expect(recalls).toHaveLength(memories.length);
        const missed = recalls.filter(({ memory, words }) => {
          const [, found, overlap] = /: (.+) \(overlap (-?\d\.\d\d)\)$/.exec(words) ?? [];
          return found !== memory || Number(overlap) < 0.99;
        });
        expect(missed, `${network}, ${schedule}`).toEqual([]);
      }
    }
  });
}
