/** Images become memories; broken and hostile ones a message that names the file. */
import { expect, test, type Page } from 'playwright/test';
import { button, cuePixels, memory, openLab, typeNumber } from './lab';

type ImageFile = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** A black disc on white, drawn and encoded by the browser. */
async function disc(page: Page, name: string, mimeType: string): Promise<ImageFile> {
  const url = await page.evaluate((type) => {
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 64, 48);
    context.fillStyle = '#000';
    context.arc(32, 24, 16, 0, 2 * Math.PI);
    context.fill();
    return canvas.toDataURL(type);
  }, mimeType);
  expect(url).toContain(`data:${mimeType}`);
  return { name, mimeType, buffer: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64') };
}

/** One black pixel (GIF89a). */
const gif: ImageFile = {
  name: 'dot.gif',
  mimeType: 'image/gif',
  buffer: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64'),
};

/** The first bytes of a PNG that says it is `side` pixels wide and high. */
function hugePng(side: number): ImageFile {
  const buffer = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(buffer);
  buffer.writeUInt32BE(side, 16);
  buffer.writeUInt32BE(side, 20);
  return { name: 'huge.png', mimeType: 'image/png', buffer };
}

function choose(page: Page, files: readonly ImageFile[]): Promise<void> {
  return page.locator('input[type=file][multiple]').setInputFiles([...files]);
}

test('imports PNG, JPEG, WebP and GIF with a threshold that can be moved', async ({ page }) => {
  await openLab(page);
  await choose(page, [
    await disc(page, 'one.png', 'image/png'),
    await disc(page, 'two.jpg', 'image/jpeg'),
    await disc(page, 'three.webp', 'image/webp'),
    gif,
  ]);
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  const preview = dialog.getByRole('img', { name: 'Preview of one' });
  await expect(preview).toBeVisible();
  const before = await preview.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await dialog.getByRole('slider', { name: 'Threshold' }).fill('48');
  await dialog.getByRole('checkbox', { name: 'Invert' }).check();
  await expect
    .poll(() => preview.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()))
    .not.toBe(before);
  await dialog.getByRole('checkbox', { name: 'Invert' }).uncheck();
  await dialog.getByRole('slider', { name: 'Threshold' }).fill('0');
  await dialog.getByRole('button', { name: 'Import 4 images' }).click();
  await expect(dialog).toBeHidden();
  for (const name of ['one', 'two', 'three', 'dot']) await expect(memory(page, name)).toBeVisible();
  await memory(page, 'one').click();
  const png = await cuePixels(page);
  await memory(page, 'two').click();
  await expect.poll(() => cuePixels(page)).toBe(png);
});

test('refuses what is broken or hostile, by name, and stays as it was', async ({ page }) => {
  await openLab(page);
  const cue = await cuePixels(page);
  const whole = await disc(page, 'cut.png', 'image/png');
  const refused: readonly (readonly [ImageFile, string])[] = [
    [{ ...whole, buffer: whole.buffer.subarray(0, 40) }, 'cut.png: the PNG is damaged or cut short'],
    [hugePng(20_000), 'huge.png: the image is 20,000 × 20,000 pixels; up to 16,000 a side'],
    [
      { name: 'text.png', mimeType: 'image/png', buffer: Buffer.from('not an image') },
      'text.png: this is not a PNG',
    ],
  ];
  // Made in the page, as so many bytes take long to get there.
  const chooseLarge = (): Promise<void> =>
    page.locator('input[type=file][multiple]').evaluate((input: HTMLInputElement) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(21 * 2 ** 20)], 'big.png', { type: 'image/png' }));
      input.files = files.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  const tries: readonly (readonly [() => Promise<void>, string])[] = [
    ...refused.map(([file, message]) => [() => choose(page, [file]), message] as const),
    [chooseLarge, 'big.png: the file is 21 MB'],
  ];
  for (const [offer, message] of tries) {
    await offer();
    const alert = page.getByRole('alert').filter({ hasText: message });
    await expect(alert).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await expect(alert).toHaveCount(0);
  }
  expect(await cuePixels(page)).toBe(cue);
  await expect(page.getByRole('combobox', { name: 'Memory set' }).locator('option')).toHaveCount(3);
  await expect(button(page, 'Retrieve')).toBeEnabled();

  // A model is named for what it is.
  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(100)], 'ham.safetensors'));
    dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }));
  });
  await expect(page.getByRole('alert')).toContainText('ham.safetensors: this is a network in safetensors');
});

/** White ink on transparency, 40 × 64 pixels. */
const whiteInk: ImageFile = {
  name: 'white.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAACgAAABACAYAAABoWTVaAAAAfElEQVR4nO3XQQqAMAwAwUT8/5fjAywIXQ0Rds4tXXIobYSkf8unBVVVHSEREZl56zm6Dt9lIGUgNT7wJJtX18Lbxk/QQMpAykDKQMpAykBqfGDrr27neTZ+ggZSBlLjA/3VUQZSBlIGUgZSBlIGUgZSBlIGUgZSBkr62AXdugh1dvDAgwAAAABJRU5ErkJggg==',
    'base64',
  ),
};

test('takes white ink on transparency for ink', async ({ page }) => {
  await openLab(page, '?engine=cpu');
  await button(page, 'New set').click();
  const made = page.getByRole('dialog');
  await made.getByRole('textbox').fill('Tall');
  await typeNumber(made.getByRole('spinbutton', { name: 'Width' }), 20);
  await typeNumber(made.getByRole('spinbutton', { name: 'Height' }), 32);
  await made.getByRole('button', { name: 'Create' }).click();
  await choose(page, [whiteInk]);
  const preview = page.getByRole('img', { name: 'Preview of white' });
  await expect(preview).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 image' }).click();
  await memory(page, 'white').click();
  // Ink is darker than paper in the light theme.
  const ink = await page
    .getByRole('application', { name: 'Cue' })
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const small = new OffscreenCanvas(20, 32).getContext('2d');
      if (!small) throw new Error('no canvas');
      small.imageSmoothingEnabled = false;
      small.drawImage(canvas, 0, 0, 20, 32);
      const { data } = small.getImageData(0, 0, 20, 32);
      return Array.from({ length: 640 }, (_, i) => data[4 * i] ?? 255).filter((red) => red < 128).length;
    });
  expect(ink).toBe(169);
});
