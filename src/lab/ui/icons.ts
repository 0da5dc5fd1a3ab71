/** The lab's icons, from Lucide. They stand beside words or in buttons that have a name. */
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import alert from 'lucide-static/icons/triangle-alert.svg?raw';
import arrowUp from 'lucide-static/icons/arrow-up.svg?raw';
import circleHelp from 'lucide-static/icons/circle-question-mark.svg?raw';
import enlarge from 'lucide-static/icons/maximize-2.svg?raw';
import eraser from 'lucide-static/icons/eraser.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import eyeOff from 'lucide-static/icons/eye-off.svg?raw';
import folderOpen from 'lucide-static/icons/folder-open.svg?raw';
import link from 'lucide-static/icons/link-2.svg?raw';
import mask from 'lucide-static/icons/square-dashed.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pencil from 'lucide-static/icons/pencil.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import redo from 'lucide-static/icons/redo-2.svg?raw';
import reset from 'lucide-static/icons/rotate-ccw.svg?raw';
import sliders from 'lucide-static/icons/sliders-horizontal.svg?raw';
import stepBack from 'lucide-static/icons/step-back.svg?raw';
import stepForward from 'lucide-static/icons/step-forward.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import undo from 'lucide-static/icons/undo-2.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';

const sources = {
  alert,
  arrowUp,
  circleHelp,
  enlarge,
  eraser,
  eye,
  eyeOff,
  folderOpen,
  link,
  mask,
  pause,
  pencil,
  play,
  plus,
  redo,
  reset,
  sliders,
  stepBack,
  stepForward,
  trash,
  undo,
  x,
} as const;

export type IconName = keyof typeof sources;

/** The SVG of an icon, hidden from assistive technology. */
export function icon(name: IconName): ReturnType<typeof unsafeSVG> {
  return unsafeSVG(sources[name].replace('<svg', '<svg aria-hidden="true" focusable="false"'));
}
