// One peer in this process: `node child.mjs PEER FOLDER MODULES` prints what was measured as JSON,
// as benchmarks/peers/peer.py does: checked against the reference first, then timed.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [peerName, folder, modules] = process.argv.slice(2)
const require = createRequire(join(modules, 'package.json'))
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))

const RUNS = 7
const WARM_SECONDS = 3

function cpuSeconds () {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function bookOf ({ variables, rules, propositions }) {
  return {
    variables: variables.map(([name, size, option]) => ({ name, size, option })),
    rules: rules.map(([id, formula, concludes]) => ({ id, formula, concludes })),
    propositions
  }
}

const book = bookOf(read('book.json'))
const { Peer, packageName } = await import(`./${peerName}.mjs`)
let began = cpuSeconds()
const peer = new Peer(book, require)
const loading = cpuSeconds() - began

const rows = read('rows.json')
const inputs = rows.map((row) => peer.prepare(row))
const expected = read('truths.json')

let differs = 0
for (let place = 0; place < inputs.length; place++) {
  const [found] = await peer.assess([inputs[place]])
  const mine = peer.truths(found)
  if (expected[place].some((truth, proposition) => truth !== Number(mine[proposition]))) differs++
}

// Results are let go of after a few rows, so that memory is the engine's and not theirs.
const AT_ONCE = 200
async function pass () {
  for (let start = 0; start < inputs.length; start += AT_ONCE) {
    await peer.assess(inputs.slice(start, start + AT_ONCE))
  }
}

// The compiler of the runtime is given time to do its work before anything is timed.
began = cpuSeconds()
while (cpuSeconds() - began < WARM_SECONDS) await pass()
began = cpuSeconds()
await pass()
const passes = Math.max(1, Math.floor(0.3 / (cpuSeconds() - began)))
const spent = []
for (let run = 0; run < RUNS; run++) {
  began = cpuSeconds()
  for (let each = 0; each < passes; each++) await pass()
  spent.push((cpuSeconds() - began) / passes)
}
spent.sort((one, other) => one - other)

const version = JSON.parse(readFileSync(join(modules, 'node_modules', packageName, 'package.json'))).version
console.log(JSON.stringify({
  load_s: loading,
  row_us: spent[Math.floor(RUNS / 2)] / rows.length * 1e6,
  median_us: null,
  differs,
  partial_differs: null,
  checked: rows.length,
  rows: rows.length,
  peak_mb: process.resourceUsage().maxRSS / 1024,
  version
}))
