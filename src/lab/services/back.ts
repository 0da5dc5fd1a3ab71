/**
 * The browser's Back closes what lies over the page: a dialog, a sheet or a panel. While there is one, the history has one entry more.
 * It goes when the last of them is closed in another way, so that the history does not fill up.
 */

/** How each is closed, the latest last. */
const open: (() => void)[] = [];
/** Whether the history stands at the entry that is there for them. */
let entered = false;
/** Whether it is on its way back from there. */
let leaving = false;

function settle(): void {
  if (leaving) return;
  if (open.length > 0 && !entered) {
    history.pushState(null, '');
    entered = true;
  } else if (open.length === 0 && entered) {
    leaving = true;
    history.back();
  }
}

function onPop(): void {
  if (!entered) return;
  entered = false;
  if (leaving) leaving = false;
  else open.pop()?.();
  settle();
}

/** From now on Back closes this, until the returned function is called. */
export function closeOnBack(close: () => void): () => void {
  addEventListener('popstate', onPop);
  open.push(close);
  settle();
  return () => {
    const at = open.indexOf(close);
    if (at >= 0) open.splice(at, 1);
    // Later, for one often makes way for another.
    setTimeout(settle);
  };
}
