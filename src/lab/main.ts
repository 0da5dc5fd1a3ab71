/** The page's entry: theme, elements, then the lab's start. */
import '@fontsource-variable/inter';
import './theme.css';
import './elements/attractor-lab';
import { start } from './actions/open-lab';
import { followTheme } from './services/theme';

followTheme();
void start();
