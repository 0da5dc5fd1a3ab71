/** The page's policy forbids code made from text, which zod would try as soon as a schema is made: so this comes before all of them. */
import { z } from 'zod';

z.config({ jitless: true });
