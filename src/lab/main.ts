/** The page's entry: theme, elements, then the lab's start. */
import '@fontsource-variable/inter';
import './theme.css';
import './shell/attractor-lab';
import { z } from 'zod';
import { start } from './actions/open-lab';
import { nextTask } from './services/frames';
import { followTheme } from './services/theme';

// The page's policy forbids code made from text, which zod would try.
z.config({ jitless: true });
followTheme();
// What has been loaded has taken a good part of this task.
void nextTask().then(start);
