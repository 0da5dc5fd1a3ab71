import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { InputError } from './input-error';
import { createProgram } from './parse-options';
import { addStudy, type StudyArguments } from './study-arguments';

const FOLDERS = ['--golden', 'g', '--mnist', 'm'];

function read(...words: readonly string[]): StudyArguments | null {
  let args: StudyArguments | null = null;
  const program = createProgram(() => undefined);
  addStudy(program, (given) => {
    args = given;
    return Promise.resolve();
  });
  program.parse(['study', ...words], { from: 'user' });
  return args;
}

test('has defaults', () => {
  const { models, ...others } = read(...FOLDERS)!;
  expect(models.map(({ name }) => name)).toEqual(['ham3', 'ham5', 'chn3']);
  expect(others).toEqual({
    golden: 'g',
    mnist: 'm',
    first: 0,
    digits: 2000,
    engine: 'auto',
    threads: availableParallelism(),
  });
});

test('takes what is given', () => {
  const given = read(
    ...FOLDERS,
    ...'--first 9000 --digits 1000 --models chn3,ham3 --out o --cache c'.split(' '),
  );
  expect(given?.models.map(({ name }) => name)).toEqual(['chn3', 'ham3']);
  expect(given).toMatchObject({ first: 9000, digits: 1000, out: 'o', cache: 'c' });
});

test.each([
  ['--digits 0', "option '--digits <n>' argument '0' is invalid. It must be a whole number from 1 to 10000."],
  [
    '--first 1e3',
    "option '--first <k>' argument '1e3' is invalid. It must be a whole number from 0 to 10000.",
  ],
  ['--first 9000', '--first and --digits end at 11000; there are 10000 test digits'],
  ['--models ham4', "option '--models <list>' argument 'ham4' is invalid. There are ham3, ham5, chn3."],
  ['--cahce c', "unknown option '--cahce' (Did you mean --cache?); see --help"],
])('%s is refused', (words, line) => {
  expect(() => read(...FOLDERS, ...words.split(' '))).toThrow(new InputError(line));
});

test('the folders must be named', () => {
  expect(() => read('--golden', 'g')).toThrow('--mnist is missing; it names the folder with the MNIST files');
});
