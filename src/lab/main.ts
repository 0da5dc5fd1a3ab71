/** The page's entry: theme, elements, then the lab's start. */
import './services/schemas-without-eval';
import '@fontsource-variable/inter';
import './theme.css';
import './shell/attractor-lab';
import { start } from './actions/open-lab';
import { nextTask } from './services/frames';
import { followTheme } from './services/theme';

followTheme();
// What has been loaded has taken a good part of this task.
void nextTask().then(start);
