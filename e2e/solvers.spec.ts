/**
 * Every solver and every schedule bring A back, and a solver that goes with none says why. Every solver under every schedule
 * is the business of src/experiments/every-solver.test.ts.
 */
import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from 'playwright/test';
import { button, chooseFrom, openLab, outcome, retrieve, setNumber, setSlider, typeNumber } from './lab';

const schedules = ['Synchronous', 'Even-odd', 'Coloured', 'Sweep up', 'Sweep down', 'Sweep up and down'];
const anySchedule = ['Picard', 'Anderson', 'Over-relaxation', 'Heavy ball'];
const downhill = ['Barzilai–Borwein', 'L-BFGS'];
const back = /^Converged after \d+ iterations?: A \(overlap 1\.00\)$/;
// Dense's map is all but flat near its memories, and there Anderson's system is all but singular: rounding, which
// differs between engines, decides which memory a mixed point of a synchronous run falls to.
const anyMemory = /^Converged after \d+ iterations?: [A-Z] \(overlap 1\.00\)$/;

async function openFast(page: Page): Promise<void> {
  await openLab(page);
  await setSlider(page, 'Speed', 100);
}

function combobox(page: Page, name: string) {
  return page.getByRole('combobox', { name, exact: true });
}

test('every solver and every schedule retrieve A in every network', async ({ page }) => {
  await openFast(page);
  for (const [n, network] of ['Classical', 'Dense', 'Modern'].entries()) {
    await chooseFrom(page, 'Network', network);
    for (const [m, schedule] of schedules.entries()) {
      // The solvers take turns, so that in three networks each meets four schedules or five.
      const solver = anySchedule[(m + n) % anySchedule.length] ?? '';
      await chooseFrom(page, 'Solver', solver);
      await chooseFrom(page, 'Schedule', schedule);
      const flat = network === 'Dense' && solver === 'Anderson' && schedule === 'Synchronous';
      expect(await retrieve(page), `${network}, ${solver}, ${schedule}`).toMatch(flat ? anyMemory : back);
    }
    await chooseFrom(page, 'Schedule', 'Even-odd');
    for (const solver of [...downhill, 'Fastest']) {
      await chooseFrom(page, 'Solver', solver);
      expect(await retrieve(page), `${network}, ${solver}`).toMatch(back);
    }
  }
});

test('a CHN retrieves A with either local solve, and takes none where it moves by the map', async ({
  page,
}) => {
  await openFast(page);
  await chooseFrom(page, 'Dynamics', 'CHN');
  for (const local of ['Exact', 'Damped']) {
    await chooseFrom(page, 'Local solve', local);
    for (const solver of anySchedule) {
      await chooseFrom(page, 'Solver', solver);
      expect(await retrieve(page), `${local}, ${solver}`).toMatch(back);
    }
  }
  await chooseFrom(page, 'Network', 'Dense');
  await chooseFrom(page, 'Dynamics', 'CHN');
  await expect(combobox(page, 'Local solve').locator('option', { hasText: 'Exact' })).toBeDisabled();
  await expect(combobox(page, 'Local solve')).toHaveValue('damped');
  await chooseFrom(page, 'Schedule', 'Synchronous');
  await expect(combobox(page, 'Local solve')).toHaveCount(0);
  await chooseFrom(page, 'Network', 'Modern');
  await expect(combobox(page, 'Dynamics').locator('option', { hasText: 'CHN' })).toBeDisabled();
  await expect(page.getByText(/Modern is a HAM only/)).toBeVisible();
});

test('a solver that does not go with the schedule says why, there and when it is asked to run', async ({
  page,
}) => {
  await openFast(page);
  for (const solver of downhill) {
    await chooseFrom(page, 'Schedule', 'Even-odd');
    await chooseFrom(page, 'Solver', solver);
    const panel = page.getByRole('region', { name: 'Network and solver' });
    await chooseFrom(page, 'Schedule', 'Coloured');
    await expect(combobox(page, 'Solver')).toHaveValue('picard');
    await expect(
      panel.getByText(`It took the place of ${solver}, which needs a HAM under even-odd`),
    ).toBeVisible();
    const unavailable = combobox(page, 'Solver').getByRole('option', {
      name: `${solver} (needs a HAM under even-odd)`,
    });
    await expect(unavailable).toBeDisabled();
    expect(await retrieve(page)).toMatch(back);
  }
});

test('Fastest makes way, in view, for what goes with the choice that it does not go with', async ({
  page,
}) => {
  await openFast(page);
  await expect(combobox(page, 'Solver')).toHaveValue('fastest');
  const damping = page.getByRole('spinbutton', { name: 'Damping' });
  await expect(damping).toHaveValue('0');
  await damping.click();
  await damping.press('ControlOrMeta+a');
  await page.keyboard.type('0.25');
  await expect(damping).toBeFocused();
  await expect(damping).toHaveValue('0.25');
  await expect(combobox(page, 'Solver')).toHaveValue('picard');
  await expect(page.getByText(/It took the place of Fastest/)).toBeVisible();
  await typeNumber(damping, 0);
  await chooseFrom(page, 'Solver', 'Fastest');
  await chooseFrom(page, 'Schedule', 'Synchronous');
  await expect(combobox(page, 'Solver')).toHaveValue('picard');
  await expect(page.getByText(/It took the place of Fastest/)).toBeVisible();
  expect(await retrieve(page)).toMatch(back);
  await chooseFrom(page, 'Solver', 'Fastest');
  await expect(combobox(page, 'Schedule')).toHaveValue('even-odd');
  await chooseFrom(page, 'Dynamics', 'CHN');
  await expect(combobox(page, 'Solver')).toHaveValue('picard');
});

test('remembers a solver with its settings, saves them with the run and brings them back', async ({
  page,
  browser,
}) => {
  await openFast(page);
  await chooseFrom(page, 'Dynamics', 'CHN');
  await chooseFrom(page, 'Local solve', 'Damped');
  await chooseFrom(page, 'Solver', 'Anderson');
  await setNumber(page, 'Window', 3);
  await page.getByText('Ridge, ridge scale and safeguard').click();
  await setNumber(page, 'Ridge', 1e-8);
  await chooseFrom(page, 'Safeguard', 'Residual');
  await chooseFrom(page, 'Stop when', "Paper's protocol");
  const words = await retrieve(page);
  const downloading = page.waitForEvent('download');
  await button(page, 'Export').click();
  await page.getByRole('menuitem', { name: 'Run as JSON' }).click();
  const saved = await readFile(await (await downloading).path());

  const holds = async (lab: Page): Promise<void> => {
    await expect(combobox(lab, 'Dynamics')).toHaveValue('chn');
    await expect(combobox(lab, 'Local solve')).toHaveValue('damped');
    await expect(combobox(lab, 'Solver')).toHaveValue('anderson');
    await expect(combobox(lab, 'Stop when')).toHaveValue('paper');
    await expect(lab.getByRole('spinbutton', { name: 'Window' })).toHaveValue('3');
    await lab.getByText('Ridge, ridge scale and safeguard').click();
    await expect(lab.getByRole('spinbutton', { name: 'Ridge' })).toHaveValue('1e-8');
    await expect(combobox(lab, 'Safeguard')).toHaveValue('residual');
  };
  // The lab writes a moment after a change; a person's tab that goes to the background writes at once.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await page.reload();
  await holds(page);

  const context = await browser.newContext();
  const fresh = await context.newPage();
  await openLab(fresh);
  await fresh
    .locator('input[type=file][accept*=json]')
    .setInputFiles({ name: 'run.json', mimeType: 'application/json', buffer: saved });
  await expect(
    fresh.getByText(/^Reran “Letters A · Classical CHN · even-odd · Anderson”: same curves/),
  ).toBeVisible();
  expect(await outcome(fresh).innerText()).toBe(words);
  await holds(fresh);
  await context.close();
});

test('draws either residual against iterations, unit updates and milliseconds', async ({ page }) => {
  await openFast(page);
  const region = page.getByRole('region', { name: 'Residual' });
  await region.getByRole('button', { name: 'Show data' }).click();
  await expect(region.getByRole('img', { name: /^Map residual falls/ })).toBeVisible();
  await chooseFrom(page, 'Residual shown', 'Step residual');
  await chooseFrom(page, 'Against', 'Unit updates');
  await expect(
    region.getByRole('img', { name: /^Step residual falls .*, drawn against unit updates$/ }),
  ).toBeVisible();
  const name = 'Letters A · Classical · even-odd · Fastest';
  await expect(region.getByRole('columnheader')).toHaveText(['Iteration', `${name}: Unit updates`, name]);
  // 16 × 16 pixels and 26 memory units, each updated once an iteration.
  await expect(region.getByRole('row').nth(3).getByRole('cell').first()).toHaveText(String(2 * (256 + 26)));
  await chooseFrom(page, 'Against', 'Milliseconds');
  await expect(region.getByRole('columnheader').nth(1)).toHaveText(`${name}: Time (ms)`);
  const downloading = page.waitForEvent('download');
  await button(page, 'Export').click();
  await page.getByRole('menuitem', { name: 'Chart as SVG' }).click();
  const svg = await readFile(await (await downloading).path(), 'utf8');
  expect(svg).toContain('Energy against iterations, Residual against milliseconds');
  expect(svg).toContain('Time (ms)');
  expect(svg).toContain('Step residual');
});

test('starts memory units at the last equilibrium of the same network, and says when there is none', async ({
  page,
}) => {
  await openFast(page);
  const start = combobox(page, 'Memory start');
  const last = start.getByRole('option', { name: 'Last equilibrium' });
  await chooseFrom(page, 'Schedule', 'Synchronous');
  await setNumber(page, 'Damping', 0.5);
  await expect(last).toBeEnabled();
  await chooseFrom(page, 'Memory start', 'Last equilibrium');
  await expect(page.getByText(/memory units start where this network last came to rest/)).toBeVisible();
  const words = await retrieve(page);
  expect(words).toMatch(/^Converged after \d+ iterations: A /);
  await expect(page.getByText(/^[\d,]+ unit updates, μ ≈ 0\.\d\d$/)).toBeVisible();
  const runs = page.getByRole('list', { name: 'Runs in the charts' });
  await expect(runs).toContainText('synchronous from the last equilibrium');

  // The run that is done again starts where it did, and not at its own equilibrium.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await page.reload();
  await expect(outcome(page)).toHaveText(words);
  await expect(start).toHaveValue('last');
  await expect(runs.getByRole('listitem')).toHaveCount(2);

  await chooseFrom(page, 'Network', 'Modern');
  await expect(last).toBeDisabled();
  await expect(page.getByText(/none yet, since no run in the list has converged/)).toBeVisible();
  expect(await retrieve(page)).toMatch(/^Converged/);
  await expect(last).toBeEnabled();
});
