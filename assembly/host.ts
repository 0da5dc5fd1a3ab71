/** What JavaScript lends: its own functions of one number serve where no layer of the paper spends its time. */

/** x^degree for x ≥ 0. */
export declare function power(x: f64, degree: f64): f64;

/** ln x */
export declare function log(x: f64): f64;
