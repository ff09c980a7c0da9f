// json-logic-engine: a compiled JsonLogic expression for each proposition, run in order.

export const packageName = 'json-logic-engine'

export class Peer {
  constructor (book, require) {
    const { LogicEngine } = require(packageName)
    const engine = new LogicEngine()
    this.book = book
    this.compiled = book.propositions.map((_, proposition) => {
      const rules = book.rules.filter((rule) => rule.concludes.includes(proposition))
      return engine.build({ or: rules.map((rule) => this.logic(rule.formula)) })
    })
  }

  logic ([kind, ...parts]) {
    if (kind === 'cell') {
      const [variable, cells] = parts
      const value = { var: `v${variable}` }
      return cells.length === 1 ? { '===': [value, cells[0]] } : { in: [value, cells] }
    }
    if (kind === 'is') return { var: `p${parts[0]}` }
    if (kind === 'not') return { '!': [this.logic(parts[0])] }
    if (parts.length === 0) return kind === 'and'
    return { [kind]: parts.map((part) => this.logic(part)) }
  }

  prepare (row) {
    const answers = {}
    row.forEach((cell, variable) => { answers[`v${variable}`] = cell })
    return answers
  }

  assess (inputs) {
    return inputs.map((answers) => {
      const known = { ...answers }
      this.compiled.forEach((holds, proposition) => { known[`p${proposition}`] = Boolean(holds(known)) })
      return known
    })
  }

  truths (known) {
    return this.book.propositions.map((_, proposition) => known[`p${proposition}`])
  }
}
