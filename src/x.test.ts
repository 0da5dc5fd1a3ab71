import { test } from 'vitest';
import accel from '../golden/accel.json'; import tiny3 from '../golden/tiny3.json'; import tiny5 from '../golden/tiny5.json';
import { createChain } from './network/network'; import { createCpuEngine } from './engine/cpu/cpu-engine';
test('x', async () => {
 for (const [f,d] of [['tiny3',tiny3],['tiny5',tiny5]] as any) for (const [k,solver] of [['sor_w1.3',{kind:'relaxation',omega:1.3}],['lbfgs_m5_b0_1.5_tau0.1_cap4_guard',{kind:'lbfgs',window:5}],['bb2',{kind:'barzilai-borwein'}]] as any) {
  const runs = (accel.runs as any)[`${f}_ham_${k}`];
  const net = createChain(d.layers.map((n: number,l: number)=>({name:`s${l}`,units:n,activation:{kind:'sigmoid'},...(l?{bias:Float64Array.from(d.params['b'+l])}:{})})), d.layers.slice(1).map((_:any,l:number)=>Float64Array.from(d.params[l?'W'+l:'U'].flat())));
  const l = await createCpuEngine({precision:'float64'}).load(net);
  const r = await l.start({batch:2,start:[Float64Array.from(d.x.flat()), ...d.layers.slice(1).map((n:number)=>new Float64Array(2*n))], clamped:d.layers.map((_:any,i:number)=>i===0)},{schedule:'even-odd',solver,tolerance:1e-300,iterationLimit:100});
  await r.advance(1); const out:string[]=[];
  for (let t=0;t<20;t++){ await r.advance(1); const res:number[]=[]; for (const s of [await r.states(), await r.outputs()]) { let w=0; for (let b=0;b<2;b++){ let o=0; d.layers.forEach((n:number,k:number)=>{ if(!k) return; for(let i=0;i<n;i++) w=Math.max(w,Math.abs((s[k] as any)[b*n+i]-runs[t][b][o++])); }); } res.push(w);} out.push(res.map(x=>x.toExponential(0)).join('/')); }
  console.log(f,k,out.join(' '));
 }});
