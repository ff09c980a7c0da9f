// json-rules-engine: a rule for each rule, conclusions as runtime facts, priorities for order.

export const packageName = 'json-rules-engine'

export class Peer {
  constructor (book, require) {
    const { Engine } = require(packageName)
    this.book = book
    this.engine = new Engine([], { allowUndefinedFacts: true })
    for (const { id, formula, concludes } of book.rules) {
      this.engine.addRule({
        name: id,
        conditions: this.grouped(this.conditions(formula)),
        event: { type: id },
        // Whoever waits for a conclusion comes after all who could draw it.
        priority: book.propositions.length - Math.min(...concludes),
        onSuccess: (_, almanac) => {
          for (const proposition of concludes) almanac.addRuntimeFact(`p${proposition}`, true)
        }
      })
    }
  }

  conditions ([kind, ...parts]) {
    if (kind === 'cell') {
      const [variable, cells] = parts
      const fact = `v${variable}`
      return cells.length === 1
        ? { fact, operator: 'equal', value: cells[0] }
        : { fact, operator: 'in', value: cells }
    }
    if (kind === 'is') return { fact: `p${parts[0]}`, operator: 'equal', value: true }
    if (kind === 'not') return { not: this.conditions(parts[0]) }
    return { [kind === 'and' ? 'all' : 'any']: parts.map((part) => this.conditions(part)) }
  }

  grouped (condition) {
    return condition.fact ? { all: [condition] } : condition
  }

  prepare (row) {
    const answers = {}
    row.forEach((cell, variable) => { answers[`v${variable}`] = cell })
    return answers
  }

  async assess (inputs) {
    const results = []
    for (const answers of inputs) results.push(await this.engine.run(answers))
    return results
  }

  truths ({ results }) {
    const fired = new Set(results.map((result) => result.name))
    return this.book.propositions.map((_, proposition) =>
      this.book.rules.some((rule) => fired.has(rule.id) && rule.concludes.includes(proposition)))
  }
}
