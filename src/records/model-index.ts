/** `public/models/index.json`: the trained networks that come with the lab, each the file `NAME.safetensors` beside it. */
import { z } from 'zod';

export const modelIndexSchema = z.array(
  z.strictObject({
    /** `DYNAMICS-UNITS-…-UNITS`, as its card is headed. */
    name: z.string().regex(/^[a-z\d-]{1,80}$/),
    /** Units of each layer. */
    sizes: z.array(z.int().min(1)).min(2),
    dynamics: z.enum(['ham', 'chn']),
    /** Per cent of MNIST's 10,000 test digits. */
    accuracy: z.number().min(0).max(100),
    /** Of Fastest on the CPU engine, in the mean, to a map residual of 1e-4. */
    iterations: z.number().positive(),
    /** How it was trained, a sentence or two. */
    trained: z.string(),
    bytes: z.int().positive(),
    /** Of the file, in hex. */
    sha256: z.string().regex(/^[\da-f]{64}$/),
  }),
);

export type ModelIndex = z.infer<typeof modelIndexSchema>;
