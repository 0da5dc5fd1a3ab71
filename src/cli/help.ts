/** What `--help` says. */
import { VARIANT_NAMES } from '../engine/webgpu/variants/variants';

export const PROGRAM_HELP = `Attractor on the command line: the laboratory's own engine, without the laboratory.

  npm run --silent attractor -- COMMAND [OPTIONS]

Commands
  solve     find the equilibrium of a trained network for each input, and write how it got there
  study     run test digits through trained networks with every solver and schedule, and count

  npm run --silent attractor -- COMMAND --help   explains a command.

Exit codes
  0   it ran
  1   it could not go on: no GPU where one was asked for, a lost device, a full disk
  2   the arguments or a file cannot be used; one line on stderr says why
  130 stopped with Ctrl-C; nothing was written
`;

export const SOLVE_HELP = `Finds the equilibrium of a trained network for each input.

  npm run --silent attractor -- solve --model FILE.safetensors --input FILE.npy --out FILE.json [OPTIONS]

Files
  --model FILE       The network: tensors W.0 [n0, n1], W.1 [n1, n2], … and b.1, b.2, …, float32 or float64;
                     activation and dynamics in the metadata (docs/model-format.md).
  --input FILE       What layer 0 is held at: NPY, or NPZ with one array, [batch, n0], float32 or float64,
                     little-endian. It is taken as it is; the network applies the activation. - is standard input.
  --out FILE         Where the result goes, as JSON. Written when all is done; until then FILE stays as it was. A
                     symbolic link is followed. - is standard output, which is written as it comes.

Network and order
  --dynamics ham|chn Overrules the model file. ham moves a unit to its drive C, chn to the slope ρ′(s)·C.
  --schedule WHICH   In what order units move; one iteration moves each once.        [even-odd]
                       synchronous   every layer from the old state
                       even-odd      all odd layers, then all even layers from the new odd ones
                       sweep         layer after layer, from the first to the last
  --local WHICH      How a CHN's unit moves where its layer moves by itself (even-odd, sweep): exact goes to its
                     best state, damped takes the paper's ten half steps. A HAM's unit needs neither.   [exact]
  --start WHICH      Where the free layers begin: zero, or forward for a pass from the input upward.    [zero]

Solver
  --solver WHICH     How far each move goes.                                         [picard]
                       picard        to the map's output, less what --damping keeps
                       anderson      to a mixture of the last outputs            --damping --window --ridge
                                                                                 --ridge-scale --safeguard
                       relaxation    past the output, by a factor ω              --omega
                       bb            Barzilai–Borwein; a HAM under even-odd only
                       lbfgs         L-BFGS; a HAM under even-odd only           --window --first-scale
  --damping D        Share of the old state that stays, from 0 to below 1. picard, anderson.   [0]
  --window M         Past evaluations that are kept, 1 to 8.                 [anderson 4, lbfgs 5]
  --first-scale WHICH  How far L-BFGS goes until it has learned a curvature: fixed, 1.5 times the residual;
                     fitted, less where the last change says that this goes too far.        [fixed]
  --ridge R          Added to the diagonal of Anderson's Gram matrix, 0 or more.               [1e-10]
  --ridge-scale WHICH  What it is added as: absolute, as it is (the paper's); trace, times the trace of the matrix,
                     which makes Anderson the same however small or large the states are.   [absolute]
  --safeguard WHICH  When Anderson's mixture is taken: step, when its step is shorter than the plain one (the
                     paper's); residual, when the true residual falls; none, always.           [step]
  --omega W|auto     ω between 0 and 2, or auto to fit it to each sample on the way; where all
                     layers move at once auto is 1.                                            [auto]

When to stop
  --criterion WHICH  What must fall below the tolerance, for each sample by itself.            [map]
                       map           ‖f(s) − s‖ / ‖f(s)‖ over the free units
                       step          ‖s_t − s_{t−1}‖ / ‖s_t‖
                       paper         the step between successive map outputs; iterations are then the paper's count
  --tolerance T      From 0 to below 1; with 0 a sample stops only where the residual is exactly 0, which rounding may
                     never let it be.                                                [1e-4]
  --max-iterations N The last iteration that is tried, 1 to 1,000,000.                         [1000]

Where it runs
  --engine WHICH     webgpu, cpu, or auto: the GPU where there is one, else the CPU, unless a software stand-in
                     for the GPU is clearly faster.                                            [auto]
  --precision P      f32, or f64, which only the CPU has.                                      [f32]
  --weights WHICH    float32, or float16, which is half to read and another network by a little: the result then
                     tells by how much. Sums are float32. WebGPU only.                         [float32]
  --variant NAME     How WebGPU goes about an iteration: one of
                     ${VARIANT_NAMES.join(', ')};
                     measured takes the fastest here, rule the usual one, auto measures on a GPU.  [auto]

Result
  --states           Also write the map's output of every evaluation. They take room: one number for each free
                     unit, evaluation and sample.
  --output-energy    Also write the energy of the map's output of every evaluation. Where a solver looks back
                     (anderson, bb, lbfgs) this is not the energy of the state, and takes about as long as the solve.
  -h, --help         This text.

The result is one JSON object (docs/command-line.md): engine, settings, and samples, each with stop, iterations,
mapEvaluations, unitUpdates, start (energy and mapResidual of state 0), energy, stepResidual, mapResidual,
mu (the map's contraction as estimated on the way),
state and, where they were asked for, states and outputEnergy. null stands where a number is not defined or not
finite. What converged and what did not is for the reader to see under stop: both are exit code 0.

Examples
  npm run --silent attractor -- solve --model ham.safetensors --input digits.npy --out out.json
  npm run --silent attractor -- solve --model ham.safetensors --input digits.npy --out out.json \\
      --solver lbfgs --tolerance 1e-6
  npm run --silent attractor -- solve --model chn.safetensors --input digits.npy --out out.json \\
      --schedule synchronous --solver anderson --damping 0.5 --criterion paper --precision f64 --states

Exit codes
  0 it ran   1 it could not go on   2 bad arguments or files   130 stopped with Ctrl-C
`;
