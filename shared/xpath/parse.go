package xpath

import (
	"math"
	"strings"
)

// parser reads the grammar of XPath 1.0 by descent, one token ahead.
type parser struct {
	lex      lexer
	tok      token
	ahead    token // behind tok
	options  Options
	nesting  int
	prev     place // the end of the token before tok
	problems []*Error
}

// parse returns the tree, and what evaluating it may fail with in any case.
func parse(text string, options Options) (expr, []*Error, *Error) {
	p := &parser{lex: lexer{text: text}, options: options}
	x, err := p.whole()
	return x, p.problems, err
}

func (p *parser) whole() (expr, *Error) {
	if len(p.lex.text) > MaxTextBytes {
		return nil, failf(MaxTextBytes, CodeLimit, "the expression is longer than %d bytes", MaxTextBytes)
	}
	if err := p.start(); err != nil {
		return nil, err
	}
	x, err := p.expression()
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokenEnd {
		return nil, p.unexpected()
	}
	if deeper(x) > MaxDepth {
		return nil, p.tooDeep(0)
	}
	return x, nil
}

func (p *parser) start() (err *Error) {
	if p.tok, err = p.lex.next(); err == nil {
		p.ahead, err = p.lex.next()
	}
	return err
}

func (p *parser) advance() (err *Error) {
	p.prev = p.tok.end
	p.tok = p.ahead
	if p.ahead.kind != tokenEnd {
		p.ahead, err = p.lex.next()
	}
	return err
}

func (p *parser) unexpected() *Error {
	if p.tok.kind == tokenEnd {
		return failf(p.tok.at, CodeSyntax, "the expression is not complete")
	}
	return failf(p.tok.at, CodeSyntax, "%s cannot stand here", p.tok.shown())
}

func (p *parser) tooDeep(at place) *Error {
	return failf(at, CodeLimit, "brackets or operators stand more than %d deep in one another", MaxDepth)
}

// want takes a symbol that must come.
func (p *parser) want(symbol string) *Error {
	if !p.tok.is(symbol) {
		return failf(p.tok.at, CodeSyntax, "“%s” is missing before %s", symbol, p.tok.shown())
	}
	return p.advance()
}

func (p *parser) expression() (expr, *Error) {
	if p.nesting++; p.nesting > MaxDepth {
		return nil, p.tooDeep(p.tok.at)
	}
	x, err := p.binary(0)
	p.nesting--
	return x, err
}

// binary reads operands and the operators between them that bind at least so strongly.
func (p *parser) binary(least int) (expr, *Error) {
	left, err := p.unary()
	for err == nil && p.tok.kind == tokenOperator {
		op, found := operators[p.tok.text]
		if !found || op.strength() < least {
			break
		}
		at := p.tok.at
		if err = p.advance(); err != nil {
			break
		}
		var right expr
		if right, err = p.binary(op.strength() + 1); err == nil {
			left = newInfix(op, at, left, right)
		}
	}
	return left, err
}

func (p *parser) unary() (expr, *Error) {
	at, minus := p.tok.at, 0
	for ; p.tok.is("-"); minus++ {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	x, err := p.union()
	if err != nil || minus == 0 {
		return x, err
	}
	return &negation{at: at, x: x, odd: minus%2 == 1, depth: deeper(x)}, nil
}

func (p *parser) union() (expr, *Error) {
	x, err := p.pathExpression()
	if err != nil || !p.tok.is("|") {
		return x, err
	}
	u := &union{at: p.tok.at, parts: []expr{x}, depth: deeper(x)}
	for p.tok.is("|") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if x, err = p.pathExpression(); err != nil {
			return nil, err
		}
		u.parts = append(u.parts, x)
		u.depth = max(u.depth, deeper(x))
	}
	return u, nil
}

// pathExpression reads a location path, or a primary expression with what hangs on it.
func (p *parser) pathExpression() (expr, *Error) {
	at := p.tok.at
	if !p.atPrimary() {
		return p.locationPath(at)
	}
	x, err := p.primary()
	if err != nil || !p.tok.is("[") && !p.tok.is("/") && !p.tok.is("//") {
		return x, err
	}
	path := &path{at: at, origin: fromExpr, base: x, depth: deeper(x)}
	if path.filters, err = p.predicates(path); err != nil {
		return nil, err
	}
	return path, p.moreSteps(path)
}

// atPrimary says whether a primary expression starts here, and no path.
func (p *parser) atPrimary() bool {
	switch p.tok.kind {
	case tokenNumber, tokenString, tokenVariable:
		return true
	case tokenSymbol:
		return p.tok.text == "("
	case tokenName:
		return p.ahead.is("(") && !isNodeType(p.tok.text)
	}
	return false
}

func isNodeType(name string) bool {
	return name == "node" || name == "text" || name == "comment" || name == "processing-instruction"
}

func (p *parser) primary() (expr, *Error) {
	t := p.tok
	switch t.kind {
	case tokenNumber:
		f := ParseNumber(t.text)
		if math.IsNaN(f) {
			return nil, p.unexpected()
		}
		return &literal{Number(f)}, p.advance()
	case tokenString:
		return &literal{String(t.text)}, p.advance()
	case tokenVariable:
		return &variable{at: t.at, name: t.text}, p.advance()
	case tokenName:
		return p.call()
	}
	if err := p.advance(); err != nil { // (
		return nil, err
	}
	x, err := p.expression()
	if err != nil {
		return nil, err
	}
	return x, p.want(")")
}

func (p *parser) call() (expr, *Error) {
	c := &call{at: p.tok.at, name: p.tok.text}
	if strings.HasSuffix(c.name, "*") {
		return nil, p.unexpected()
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.arguments(c); err != nil {
		return nil, err
	}
	c.bind(p.options)
	if c.wrong != nil {
		p.problems = append(p.problems, c.wrong.copied())
	}
	return c, nil
}

func (p *parser) arguments(c *call) *Error {
	if err := p.advance(); err != nil { // (
		return err
	}
	for !p.tok.is(")") || len(c.args) > 0 {
		from := p.tok.at
		x, err := p.expression()
		if err != nil {
			return err
		}
		c.args = append(c.args, x)
		c.texts = append(c.texts, p.lex.text[from:p.prev])
		c.depth = max(c.depth, deeper(x))
		if !p.tok.is(",") {
			break
		}
		if err := p.advance(); err != nil {
			return err
		}
	}
	return p.want(")")
}

func (p *parser) locationPath(at place) (expr, *Error) {
	path := &path{at: at}
	if p.tok.is("/") {
		path.origin = fromRoot
		if !p.stepAhead() { // the root alone
			return path, p.advance()
		}
		return path, p.moreSteps(path)
	}
	if p.tok.is("//") {
		path.origin = fromRoot
		return path, p.moreSteps(path)
	}
	if err := p.step(path); err != nil {
		return nil, err
	}
	return path, p.moreSteps(path)
}

// stepAhead says whether a step follows the slash that is the present token.
func (p *parser) stepAhead() bool {
	return p.ahead.kind == tokenName || p.ahead.is(".") || p.ahead.is("..") || p.ahead.is("@")
}

// moreSteps reads /step and //step as long as they come.
func (p *parser) moreSteps(path *path) *Error {
	for p.tok.is("/") || p.tok.is("//") {
		if p.tok.text == "//" {
			path.steps = append(path.steps, step{at: p.tok.at, axis: DescendantOrSelf, test: nodeTest{kind: anyNode}})
		}
		if err := p.advance(); err != nil {
			return err
		}
		if err := p.step(path); err != nil {
			return err
		}
	}
	path.shorten()
	return nil
}

// step reads one step with its predicates and adds it to the path.
func (p *parser) step(path *path) *Error {
	s := step{at: p.tok.at}
	if p.tok.is(".") || p.tok.is("..") {
		s.axis, s.test.kind = Self, anyNode
		if p.tok.text == ".." {
			s.axis = Parent
		}
		path.steps = append(path.steps, s)
		return p.advance()
	}
	if err := p.axis(&s); err != nil {
		return err
	}
	if err := p.nodeTest(&s); err != nil {
		return err
	}
	filters, err := p.predicates(path)
	s.filters = filters
	path.steps = append(path.steps, s)
	return err
}

// axes are the axes by name.
var axes = map[string]Axis{
	"child": Child, "parent": Parent, "self": Self, "attribute": Attribute, "descendant": Descendant,
	"descendant-or-self": DescendantOrSelf, "ancestor": Ancestor, "ancestor-or-self": AncestorOrSelf,
	"following": Following, "following-sibling": FollowingSibling, "preceding": Preceding,
	"preceding-sibling": PrecedingSibling, "namespace": Namespace,
}

func (p *parser) axis(s *step) *Error {
	if p.tok.is("@") {
		s.axis = Attribute
		return p.advance()
	}
	if p.tok.kind != tokenName || !p.ahead.is("::") {
		return nil
	}
	axis, ok := axes[p.tok.text]
	if !ok {
		return failf(p.tok.at, CodeSyntax, "there is no axis “%s”", p.tok.text)
	}
	s.axis = axis
	if err := p.advance(); err != nil {
		return err
	}
	return p.advance()
}

func (p *parser) nodeTest(s *step) *Error {
	name := p.tok
	if name.kind != tokenName {
		return p.unexpected()
	}
	if p.ahead.is("(") {
		return p.typeTest(s)
	}
	s.test = newNameTest(name, p.options)
	if s.test.undeclared {
		p.problems = append(p.problems, s.undeclared())
	}
	return p.advance()
}

// typeTest reads node(), text(), comment() or processing-instruction('target').
func (p *parser) typeTest(s *step) *Error {
	if !isNodeType(p.tok.text) {
		return p.unexpected()
	}
	s.test.kind = typeTests[p.tok.text]
	if err := p.advance(); err != nil {
		return err
	}
	if err := p.advance(); err != nil {
		return err
	}
	if p.tok.kind == tokenString && s.test.kind == instructions {
		s.test.name.Local = p.tok.text
		if err := p.advance(); err != nil {
			return err
		}
	}
	return p.want(")")
}

// predicates reads [..][..], for a step or the base of the path.
func (p *parser) predicates(path *path) (filters []filter, err *Error) {
	for p.tok.is("[") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		x, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.want("]"); err != nil {
			return nil, err
		}
		filters = append(filters, newFilter(x))
		path.depth = max(path.depth, deeper(x))
	}
	return filters, nil
}
