import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ExportMenu, type ExportKind } from './export-menu';

afterEach(() => document.body.replaceChildren());

const button = page.getByRole('button', { name: 'Export' });
const item = (name: string) => page.getByRole('menuitem', { name });

/** What has the focus, in the shadow of the menu too. */
function focused(): string | undefined {
  const active = document.activeElement;
  return (active?.shadowRoot?.activeElement ?? active)?.textContent.trim();
}

async function mount(changes: Partial<ExportMenu> = {}): Promise<ExportKind[]> {
  const menu = Object.assign(new ExportMenu(), changes);
  const requests: ExportKind[] = [];
  menu.addEventListener('export', (event) => requests.push((event as CustomEvent<ExportKind>).detail));
  const after = document.createElement('button');
  after.textContent = 'After';
  document.body.append(menu, after);
  await menu.updateComplete;
  return requests;
}

describe('the export menu', () => {
  it.each([
    ['Figure…', 'figure'],
    ['Chart as PNG', 'png'],
    ['Chart as SVG', 'svg'],
    ['Data as CSV', 'csv'],
    ['Run as JSON', 'json'],
  ])('asks for %s with a click', async (name, what) => {
    const requests = await mount();
    await button.click();
    await item(name).click();
    expect(requests).toEqual([what]);
    await expect.element(button).toHaveAttribute('aria-expanded', 'false');
  });

  it.each(['{Enter}', ' ', '{ArrowDown}'])('opens on its first item with %j', async (key) => {
    await mount();
    await userEvent.keyboard('{Tab}');
    await expect.poll(focused).toBe('Export');
    await userEvent.keyboard(key);
    await expect.poll(focused).toBe('Figure…');
  });

  it('moves by arrows around the ends, by Home and End, and by typing', async () => {
    await mount();
    await userEvent.keyboard('{Tab}{ArrowDown}');
    await expect.poll(focused).toBe('Figure…');
    await userEvent.keyboard('{ArrowUp}');
    await expect.poll(focused).toBe('Run as JSON');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    await expect.poll(focused).toBe('Chart as PNG');
    await userEvent.keyboard('{End}');
    await expect.poll(focused).toBe('Run as JSON');
    await userEvent.keyboard('{Home}');
    await expect.poll(focused).toBe('Figure…');
    await userEvent.keyboard('r');
    await expect.poll(focused).toBe('Run as JSON');
  });

  it('chooses with Enter, and gives the focus back', async () => {
    const requests = await mount();
    await userEvent.keyboard('{Tab}{Enter}');
    await expect.poll(focused).toBe('Figure…');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(requests).toEqual(['svg']);
    await expect.poll(focused).toBe('Export');
  });

  it('closes with Escape and gives the focus back; Tab goes on', async () => {
    await mount();
    await userEvent.keyboard('{Tab}{ArrowDown}');
    await expect.poll(focused).toBe('Figure…');
    await userEvent.keyboard('{Escape}');
    await expect.poll(focused).toBe('Export');
    expect(page.getByRole('menu').elements()).toHaveLength(0);
    await userEvent.keyboard('{ArrowDown}');
    await expect.poll(focused).toBe('Figure…');
    await userEvent.keyboard('{Tab}');
    await expect.poll(focused).toBe('After');
    expect(page.getByRole('menu').elements()).toHaveLength(0);
  });

  it('closes when something else is pressed', async () => {
    await mount();
    await button.click();
    await expect.element(page.getByRole('menu')).toBeVisible();
    await page.getByRole('button', { name: 'After' }).click();
    expect(page.getByRole('menu').elements()).toHaveLength(0);
  });

  it('is disabled, and says why, while there is nothing to export', async () => {
    await mount({ disabled: true });
    await expect.element(button).toBeDisabled();
    await expect
      .element(button)
      .toHaveAttribute('title', 'Press Retrieve first: there is no run to export yet');
  });
});
