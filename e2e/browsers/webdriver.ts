/**
 * A browser that speaks WebDriver, and no more than Playwright can drive it: https://www.w3.org/TR/webdriver2/. One method a
 * command of that standard.
 */

/** The key under which the standard passes an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** An element of the page, as long as the page has it. */
export type Handle = { readonly [ELEMENT]: string };

/** Keys that have no character: https://www.w3.org/TR/webdriver2/#keyboard-actions. */
export const KEYS = { end: '\uE010', tab: '\uE004', enter: '\uE007' } as const;

export type Point = { readonly x: number; readonly y: number };

export class WebDriverSession {
  private constructor(private readonly address: string) {}

  /**
   * @param driver address of the driver
   * @param capabilities what the browser must be, and how it starts
   * @throws Error with the driver's own words where it gives no session
   */
  static async open(driver: string, capabilities: object): Promise<WebDriverSession> {
    const { sessionId } = (await send('POST', `${driver}/session`, {
      capabilities: { alwaysMatch: capabilities },
    })) as { readonly sessionId: string };
    return new WebDriverSession(`${driver}/session/${sessionId}`);
  }

  async goTo(url: string): Promise<void> {
    await this.post('url', { url });
  }

  /** Runs the body of a function in the page, with `arguments`, and returns what it returns. */
  evaluate(body: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.post('execute/sync', { script: body, args });
  }

  /** As a person does: scrolled into view, in its middle, and refused where something else lies above it. */
  async click(element: Handle): Promise<void> {
    await this.post(`element/${element[ELEMENT]}/click`, {});
  }

  /** Empties a field and types into it. */
  async fill(element: Handle, text: string): Promise<void> {
    await this.post(`element/${element[ELEMENT]}/clear`, {});
    await this.type(element, text);
  }

  async type(element: Handle, text: string): Promise<void> {
    await this.post(`element/${element[ELEMENT]}/value`, { text });
  }

  /** Presses the mouse at the first point and lets it go at the last, in pixels from the middle of an element. */
  async drag(element: Handle, points: readonly Point[]): Promise<void> {
    const moves = points.map(({ x, y }) => ({ type: 'pointerMove', origin: element, x, y, duration: 20 }));
    const [first, ...others] = moves;
    await this.post('actions', {
      actions: [
        {
          type: 'pointer',
          id: 'mouse',
          parameters: { pointerType: 'mouse' },
          actions: [first, { type: 'pointerDown', button: 0 }, ...others, { type: 'pointerUp', button: 0 }],
        },
      ],
    });
  }

  async close(): Promise<void> {
    await send('DELETE', this.address);
  }

  private post(command: string, body: object): Promise<unknown> {
    return send('POST', `${this.address}/${command}`, body);
  }
}

async function send(method: 'POST' | 'DELETE', address: string, body?: object): Promise<unknown> {
  const response = await fetch(address, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = (await response.json()) as { readonly value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { readonly error: string; readonly message: string };
  throw new Error(`${error}: ${message}`);
}
