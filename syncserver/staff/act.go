package staff

import (
	"slices"

	"banlang/shared/form/declared"
)

// Role is what an account is for. An account may have several; Supervise goes with no Administer.
type Role string

// The roles.
const (
	Record     Role = "record"     // reads records of his units and prints them; records are written on notebooks
	Review     Role = "review"     // approves records, returns them, resolves conflicts
	Direct     Role = "direct"     // heads a unit: directives, flash reports
	Compile    Role = "compile"    // makes the reports; sees sums of tips and petitions, never their values
	Administer Role = "administer" // accounts, devices, units, forms; sees no record
	Supervise  Role = "supervise"  // protects citizens' data: audit, erasure, openings; sees no record
)

// AllRoles are all of them, in the order in which they are shown.
var AllRoles = []Role{Record, Review, Direct, Compile, Administer, Supervise}

// Act is one kind of thing that staff do. Its text is what the audit notes.
type Act string

// The acts. Reading that names no citizen (the page of one's own account, help) is none.
const (
	ReadRecords  Act = "record.read"    // list, search, open: values
	CountRecords Act = "record.count"   // sums only: grid, pivot, map, gaps
	ReviewRecord Act = "record.review"  // approve, return, resolve, release a rejected change
	ExportRecord Act = "record.export"  // values into a file
	PrintRecord  Act = "record.print"   // one record on paper
	OpenSealed   Act = "sealed.open"    // asks for a sealed answer
	SecondSealed Act = "sealed.second"  // is the second person
	EraseRecord  Act = "record.erase"   // destroys values by law; retention
	AckFlash     Act = "flash.ack"      // takes on a flash report
	ReadOrders   Act = "directive.read" // directives, and how units stand with them
	SendOrders   Act = "directive.send"

	ReadReports   Act = "report.read"
	CompileReport Act = "report.compile" // runs one, takes it out as a document
	FreezeReport  Act = "report.freeze"

	ReadDevices   Act = "device.read"
	EnrolDevice   Act = "device.enrol"
	GrantDevice   Act = "device.grant" // other feeds; revoke; lost
	ReadAccounts  Act = "account.read"
	ChangeAccount Act = "account.change"   // create, roles, unit, disable, passphrase anew
	ChangeWatcher Act = "account.watch"    // the same of who supervises: whoever can sign in as his watcher is not watched
	ChangeUnits   Act = "unit.change"      // the tree, boundaries; asked for the root
	PublishForm   Act = "form.publish"     // asked for the root
	ApproveForm   Act = "form.approve"     // what publishing asks a privacy supervisor; asked for the root
	ChangeKeys    Act = "recipient.change" // for whom answers are sealed; by commands at the centre's machine only, the console has no page for it
	Operate       Act = "centre.operate"   // backup, check, figures of the machine; asked for the root
	ReadAudit     Act = "audit.read"
	ReadTerms     Act = "audit.terms" // what was searched for, as long as the key lasts
)

// reach says how far from his own unit somebody acts.
type reach int

const (
	nowhere reach = iota
	own           // the account's own unit
	subtree       // that and everything under it
)

// rule says who does an act.
type rule struct {
	roles []Role
	// How far, by compartment; acts that are about no record are asked for in declared.Ordinary.
	ordinary, handled, oversight reach
	confirm                      bool // the passphrase not longer ago than ConfirmTime
}

// rules is the one table that decides; what is not in it nobody may do. Tips and petitions are "handled": their values stay
// with the unit that handles them, their sums go up. What is against an officer stays with the parent unit whose it is.
var rules = map[Act]rule{
	ReadRecords:  {roles: []Role{Record, Review, Direct}, ordinary: subtree, handled: own, oversight: own},
	CountRecords: {roles: []Role{Record, Review, Direct, Compile}, ordinary: subtree, handled: subtree, oversight: own},
	ReviewRecord: {roles: []Role{Review}, ordinary: subtree, handled: own, oversight: own},
	ExportRecord: {roles: []Role{Review, Direct}, ordinary: subtree, handled: own, confirm: true},
	PrintRecord:  {roles: []Role{Record, Review, Direct}, ordinary: subtree, handled: own, oversight: own},
	OpenSealed:   {roles: []Role{Review, Direct}, ordinary: own, handled: own, oversight: own, confirm: true},
	SecondSealed: {roles: []Role{Direct, Supervise}, ordinary: subtree, handled: subtree, oversight: own, confirm: true},
	EraseRecord:  {roles: []Role{Supervise}, ordinary: subtree, handled: subtree, oversight: subtree, confirm: true},
	AckFlash:     {roles: []Role{Direct}, ordinary: subtree},
	ReadOrders:   {roles: []Role{Record, Review, Direct, Compile}, ordinary: subtree},
	SendOrders:   {roles: []Role{Direct}, ordinary: subtree},

	ReadReports:   {roles: []Role{Review, Direct, Compile}, ordinary: subtree, handled: subtree},
	CompileReport: {roles: []Role{Direct, Compile}, ordinary: subtree, handled: subtree},
	FreezeReport:  {roles: []Role{Compile}, ordinary: subtree, confirm: true},

	ReadDevices:   {roles: []Role{Review, Direct, Administer, Supervise}, ordinary: subtree},
	EnrolDevice:   {roles: []Role{Administer}, ordinary: subtree, handled: subtree, oversight: subtree, confirm: true},
	GrantDevice:   {roles: []Role{Administer}, ordinary: subtree, handled: subtree, oversight: subtree, confirm: true},
	ReadAccounts:  {roles: []Role{Administer, Supervise}, ordinary: subtree},
	ChangeAccount: {roles: []Role{Administer}, ordinary: subtree, confirm: true},
	ChangeWatcher: {}, // the keeper alone
	ChangeUnits:   {roles: []Role{Administer}, ordinary: subtree, confirm: true},
	PublishForm:   {roles: []Role{Administer}, ordinary: subtree, confirm: true},
	ApproveForm:   {roles: []Role{Supervise}, ordinary: subtree, confirm: true},
	ChangeKeys:    {roles: []Role{Administer}, ordinary: subtree, confirm: true},
	Operate:       {roles: []Role{Administer}, ordinary: subtree},
	ReadAudit:     {roles: []Role{Supervise}, ordinary: subtree},
	ReadTerms:     {roles: []Role{Supervise}, ordinary: subtree, confirm: true},
}

// in is how far the rule reaches in a compartment; nowhere in one that is not known.
func (r rule) in(compartment string) reach {
	switch compartment {
	case declared.Ordinary:
		return r.ordinary
	case declared.Tips, declared.Petitions:
		return r.handled
	case declared.Oversight:
		return r.oversight
	}
	return nowhere
}

// Acts lists all acts, in alphabetical order.
func Acts() []Act {
	var all []Act
	for a := range rules {
		all = append(all, a)
	}
	slices.Sort(all)
	return all
}
