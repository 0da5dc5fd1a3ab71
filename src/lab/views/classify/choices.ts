/** What a person chooses of a digit and of what is asked about it. */
import { strokeDigit } from '../../../data/stroke-digits';
import { DIGIT_SIDE } from '../../../patterns/place-digit';
import { withCue } from '../../actions/cue';
import { mended, messageOf, notify } from '../../actions/notices';
import { digitAt, openDigitFile } from '../../services/digit-file';
import { plainCue, store, type ClassifySetup, type CueState } from '../../store';

export function setClassify(part: Partial<ClassifySetup>): void {
  store.setState(({ classify }) => ({ classify: { ...classify, ...part } }));
}

/** Shows a digit of the file that is open, counted from 0. */
export function showDigit(index: number): void {
  store.setState((state) => {
    const { digits } = state;
    if (!digits) return {};
    const at = Math.min(digits.file.count - 1, Math.max(0, Math.round(index)));
    const label = digits.file.labels?.[at];
    const name = `digit ${(at + 1).toLocaleString('en')} of ${digits.file.name}`;
    const cue = plainCue(digitAt(digits.file, at), label === undefined ? name : `${name}, a ${label}`);
    return { ...withCue(state, cue), digits: { ...digits, at } };
  });
}

let reading: AbortController | undefined;

/** Reads no further; what was there stays. */
export function stopReading(): void {
  reading?.abort();
}

/** Opens files of pictures, and of labels beside them, or says why not; what was there stays. */
export async function openDigits(files: readonly File[]): Promise<void> {
  stopReading();
  const { signal } = (reading = new AbortController());
  try {
    const file = await openDigitFile(files, signal, (done) =>
      store.setState({ digitsRead: done < 1 ? done : null }),
    );
    signal.throwIfAborted();
    store.setState({ digits: { file, at: 0 } });
    showDigit(0);
    mended('file');
  } catch (error) {
    if (!signal.aborted) notify('error', `No digits could be read: ${messageOf(error)}`, undefined, 'file');
  } finally {
    if (reading.signal === signal) store.setState({ digitsRead: null });
  }
}

/** A digit that the lab draws from strokes, by its number. */
function strokeCue(seed: number): CueState {
  const { picture, label } = strokeDigit(seed);
  const values = picture.map((ink) => 2 * ink - 1);
  return plainCue({ width: DIGIT_SIDE, height: DIGIT_SIDE, values }, `a ${label} from strokes`);
}

/** What Classify opens on, a four: synchronous updates take 36 iterations, even-odd 18, Fastest 5. */
export const firstDigit = (): CueState => strokeCue(36);

/** Seeds that another digit is taken from. */
const SEEDS = 2 ** 32;

/** Another digit by chance: of the file that is open, or one that the lab draws from strokes. */
export function anotherDigit(): void {
  const { digits } = store.getState();
  if (!digits) {
    const cue = strokeCue(Math.floor(SEEDS * Math.random()));
    store.setState((state) => ({ ...withCue(state, cue), classify: { ...state.classify, imagined: null } }));
    return;
  }
  if (digits.file.count < 2) return;
  const step = 1 + Math.floor(Math.random() * (digits.file.count - 1));
  showDigit((digits.at + step) % digits.file.count);
}

export function closeDigits(): void {
  store.setState({ digits: null });
}
