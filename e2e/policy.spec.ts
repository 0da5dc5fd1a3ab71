/** The page's own policy: what would run or load what is not the lab's is stopped by the browser. */
import { expect, test, type Page } from 'playwright/test';

declare global {
  var violated: string[];
}

/** The directives that were violated while something was tried in the page. */
function violations(page: Page, attempt: string): Promise<readonly string[]> {
  return page.evaluate(async (source) => {
    const found: string[] = [];
    const note = ({ effectiveDirective }: SecurityPolicyViolationEvent): number =>
      found.push(effectiveDirective);
    document.addEventListener('securitypolicyviolation', note);
    const attempts: Readonly<Record<string, () => unknown>> = {
      'an inline script': () => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.intruder = true';
        document.body.append(script);
      },
      'a handler in an attribute': () => {
        const button = document.createElement('button');
        button.setAttribute('onclick', 'globalThis.intruder = true');
        document.body.append(button);
        button.click();
      },
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- that this is refused is what is tried
      'code from text': () => new Function('globalThis.intruder = true')() as unknown,
      'a script from elsewhere': () => {
        const script = document.createElement('script');
        script.src = 'https://example.org/intruder.js';
        document.body.append(script);
      },
      'a request elsewhere': () => fetch('https://example.org/'),
      'a picture from elsewhere': () => {
        new Image().src = 'https://example.org/picture.png';
      },
    };
    // In a task of the page's own: the policy lets through what a debugger evaluates.
    setTimeout(
      () =>
        void Promise.resolve()
          .then(attempts[source])
          .catch(() => undefined),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    document.removeEventListener('securitypolicyviolation', note);
    if ('intruder' in globalThis) found.push('it ran');
    return found;
  }, attempt);
}

test('stops what is not the lab’s own, and is isolated from other origins, as the preview server asks', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    globalThis.violated = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, sourceFile }) =>
      globalThis.violated.push(`${effectiveDirective} in ${sourceFile}`),
    );
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto('./?engine=cpu');
  await expect(page.getByRole('article', { name: 'Fastest' })).toContainText('found K');
  expect(complaints, 'the lab itself needs nothing that the policy forbids').toEqual([]);
  // Of what is tried and caught the console says nothing.
  expect(await page.evaluate(() => globalThis.violated)).toEqual([]);
  for (const [attempt, directive] of [
    ['an inline script', 'script-src-elem'],
    ['a handler in an attribute', 'script-src-attr'],
    ['code from text', 'script-src'],
    ['a script from elsewhere', 'script-src-elem'],
    ['a request elsewhere', 'connect-src'],
    ['a picture from elsewhere', 'img-src'],
  ] as const) {
    expect(await violations(page, attempt), attempt).toEqual([directive]);
  }
  expect(await page.evaluate(() => [crossOriginIsolated, typeof SharedArrayBuffer])).toEqual([
    true,
    'function',
  ]);
});
