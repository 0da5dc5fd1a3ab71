/** The equations of the field, set by the browser (MathML). In the paper's letters: s a state, ρ its activity, W weights, f the map. */
import { html, mathml, type TemplateResult } from 'lit';
import type { AssociativeKind } from '../../../memory/associative';

/** An equation in the line, read out as its words. */
const equation = (words: string, content: TemplateResult<3>): TemplateResult =>
  html`<math aria-label=${words}>${content}</math>`;

/** A bracket as high as its line. */
const bracket = (sign: string): TemplateResult<3> => mathml`<mo stretchy="false">${sign}</mo>`;

/** The energy of a hierarchical associative memory (paper, Eq. 3), with the biases left out. */
export const energyEquation = equation(
  'E of s is the sum over layers l of s l times rho l, less Lambda of s l; less the sum over layers of rho l W l rho l plus 1',
  mathml`<mi>E</mi>${bracket('(')}<mi>s</mi>${bracket(')')}<mo>=</mo>
    <munder><mo>∑</mo><mi>ℓ</mi></munder>
    <mrow>
      ${bracket('[')}<msubsup><mi>s</mi><mi>ℓ</mi><mo>⊤</mo></msubsup
      ><msub><mi>ρ</mi><mi>ℓ</mi></msub
      ><mo>−</mo><mi mathvariant="normal">Λ</mi>${bracket('(')}<msub><mi>s</mi><mi>ℓ</mi></msub
      >${bracket(')')}${bracket(']')}
    </mrow>
    <mo>−</mo>
    <munder><mo>∑</mo><mi>ℓ</mi></munder>
    <mrow>
      <msubsup><mi>ρ</mi><mi>ℓ</mi><mo>⊤</mo></msubsup
      ><msub><mi>W</mi><mi>ℓ</mi></msub
      ><msub
        ><mi>ρ</mi><mrow><mi>ℓ</mi><mo>+</mo><mn>1</mn></mrow></msub
      >
    </mrow>`,
);

/** The map of a HAM (paper, Eq. 4): where the neighbours of a layer send it. */
export const mapEquation = equation(
  'f l of s is W l minus 1 transposed times rho l minus 1, plus W l times rho l plus 1',
  mathml`<msub><mi>f</mi><mi>ℓ</mi></msub
    >${bracket('(')}<mi>s</mi>${bracket(')')}<mo>=</mo>
    <msubsup
      ><mi>W</mi><mrow><mi>ℓ</mi><mo>−</mo><mn>1</mn></mrow
      ><mo>⊤</mo></msubsup
    >
    <msub
      ><mi>ρ</mi><mrow><mi>ℓ</mi><mo>−</mo><mn>1</mn></mrow></msub
    ><mo>+</mo> <msub><mi>W</mi><mi>ℓ</mi></msub
    ><msub
      ><mi>ρ</mi><mrow><mi>ℓ</mi><mo>+</mo><mn>1</mn></mrow></msub
    >`,
);

const at = (time: TemplateResult<3>, layers?: string): TemplateResult<3> =>
  layers === undefined
    ? mathml`<msup><mi>s</mi><mrow>${time}</mrow></msup>`
    : mathml`<msubsup><mi>s</mi><mtext>${layers}</mtext><mrow>${time}</mrow></msubsup>`;

const now = mathml`<mi>t</mi>`;
const next = mathml`<mi>t</mi><mo>+</mo><mn>1</mn>`;

export const synchronousEquation = equation(
  's at t plus 1 is f of s at t',
  mathml`${at(next)}<mo>=</mo><mi>f</mi>${bracket('(')}${at(now)}${bracket(')')}`,
);

/** Even-odd (paper, Section 4): the odd layers from the even ones, then the even from the new odd. */
export const evenOddEquation = html`${equation(
  's odd at t plus 1 is f of s even at t',
  mathml`${at(next, 'odd')}<mo>=</mo><mi>f</mi>${bracket('(')}${at(now, 'even')}${bracket(')')}`,
)},
${equation(
  'then s even at t plus 1 is f of s odd at t plus 1',
  mathml`${at(next, 'even')}<mo>=</mo><mi>f</mi>${bracket('(')}${at(next, 'odd')}${bracket(')')}`,
)}`;

/** What the tolerance bounds. */
export const residualEquation = equation(
  'the norm of f of s minus s, over the norm of f of s, is below epsilon',
  mathml`<mfrac>
      <mrow>${bracket('‖')}<mi>f</mi>${bracket('(')}<mi>s</mi>${bracket(')')}<mo>−</mo><mi>s</mi>${bracket('‖')}</mrow>
      <mrow>${bracket('‖')}<mi>f</mi>${bracket('(')}<mi>s</mi>${bracket(')')}${bracket('‖')}</mrow>
    </mfrac>
    <mo>&lt;</mo><mi>ε</mi>`,
);

/** What the memory units of each network make of their state h. */
export const memoryUnits: Readonly<Record<AssociativeKind, TemplateResult>> = {
  classical: equation(
    'rho of h is h',
    mathml`<mi>ρ</mi>${bracket('(')}<mi>h</mi>${bracket(')')}<mo>=</mo><mi>h</mi>`,
  ),
  dense: equation(
    'rho of h is the larger of h and 0, to the power of n',
    mathml`<mi>ρ</mi>${bracket('(')}<mi>h</mi>${bracket(')')}<mo>=</mo><mi>max</mi
      ><msup
        ><mrow>${bracket('(')}<mi>h</mi><mo>,</mo><mn>0</mn>${bracket(')')}</mrow
        ><mi>n</mi></msup
      >`,
  ),
  modern: equation(
    'rho of h is the softmax of beta h',
    mathml`<mi>ρ</mi>${bracket('(')}<mi>h</mi>${bracket(')')}<mo>=</mo><mi>softmax</mi>${bracket('(')}<mi>β</mi><mi>h</mi
      >${bracket(')')}`,
  ),
};
