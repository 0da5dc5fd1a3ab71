/** Reads what the lab's fields tell in their events. */

export function numberOf(event: Event): number {
  return event instanceof CustomEvent && typeof event.detail === 'number' ? event.detail : NaN;
}

export function textOf(event: Event): string {
  return event instanceof CustomEvent && typeof event.detail === 'string' ? event.detail : '';
}
