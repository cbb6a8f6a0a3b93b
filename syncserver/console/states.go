package console

// stateIcons are the icons of the states of a record, used for nothing else.
var stateIcons = map[string]string{"centre": "account_balance", "conflict": "call_split", "attention": "warning", "returned": "reply", "approved": "verified"}

// StateIcon is the icon of a state.
func (q *Request) StateIcon(state string) string { return stateIcons[state] }

// Address is the whole address of this page, to come back to.
func (q *Request) Address() string { return q.back() }
