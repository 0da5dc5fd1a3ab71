/**
 * Every memory of every built-in set comes back from 20 % flipped pixels, through the interface, networks and schedules
 * taking turns. Every memory with each of them, and more damage of more kinds and seeds, is the business of
 * src/memory/recall.test.ts.
 */
import { expect, test, type Page } from 'playwright/test';
import { builtInSets } from '../src/patterns/sets';
import { button, chooseFrom, openLab, outcome, setSlider } from './lab';

type Recall = { readonly memory: string; readonly seed: string; readonly words: string };

/** Presses the lab's own controls for every fourth memory, with seeds in turn, and reads its final words. */
async function recallFrom(page: Page, first: number): Promise<readonly Recall[]> {
  const handles = {
    options: await page.getByRole('listbox', { name: 'Memories' }).elementHandle(),
    seed: await page.getByRole('spinbutton', { name: 'Seed' }).elementHandle(),
    corrupt: await button(page, 'Damage the cue').elementHandle(),
    removeAll: await button(page, 'Remove all').elementHandle(),
    retrieve: await button(page, 'Retrieve').elementHandle(),
    status: await outcome(page).elementHandle(),
  };
  return page.evaluate(
    async ({ options, seed, corrupt, removeAll, retrieve, status, first }) => {
      if (!options || !(seed instanceof HTMLInputElement) || !status) throw new Error('a control is missing');
      const press = (target: Element | null | undefined): void => {
        if (!(target instanceof HTMLElement)) throw new Error('a button is missing');
        target.click();
      };
      const results: Recall[] = [];
      for (const [i, option] of [...options.querySelectorAll('[role=option]')].entries()) {
        if (i % 4 !== first) continue;
        const memory = option.getAttribute('aria-label') ?? '';
        press(option);
        seed.value = String((i % 3) + 1);
        seed.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
        press(corrupt);
        // A long list of runs costs every frame, and is no matter here.
        press(removeAll);
        press(retrieve);
        do await new Promise(requestAnimationFrame);
        while (!status.textContent?.includes('overlap'));
        results.push({ memory, seed: seed.value, words: status.textContent.trim() });
      }
      return results;
    },
    { ...handles, first },
  );
}

test('every memory of every built-in set comes back', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLab(page);
  await setSlider(page, 'Speed', 100);
  for (const { name: set, memories } of builtInSets) {
    await chooseFrom(page, 'Memory set', set);
    await chooseFrom(page, 'Kind of damage', 'Flip pixels');
    await setSlider(page, 'Damage', 20);
    const recalls: Recall[] = [];
    for (const [n, network] of ['Classical', 'Modern'].entries()) {
      await chooseFrom(page, 'Network', network);
      for (const [m, schedule] of ['Synchronous', 'Even-odd'].entries()) {
        await chooseFrom(page, 'Schedule', schedule);
        recalls.push(...(await recallFrom(page, 2 * n + m)));
      }
    }
    expect(recalls.map(({ memory }) => memory).toSorted()).toEqual(
      memories.map(({ name }) => name).toSorted(),
    );
    const missed = recalls.filter(({ memory, words }) => {
      const [, found, overlap] = /: (.+) \(overlap (-?\d\.\d\d)\)$/.exec(words) ?? [];
      return found !== memory || Number(overlap) < 0.99;
    });
    expect(missed, set).toEqual([]);
  }
});
