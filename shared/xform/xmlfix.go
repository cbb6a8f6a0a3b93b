package xform

import (
	"bytes"
)

// escapeAttributes replaces each < inside of a quoted attribute value by &lt;. XML forbids it there, but forms in use have
// it in expressions, and the parsers of the phones let it pass. The result is src itself when there is none.
func escapeAttributes(src []byte) []byte {
	var out []byte
	copied := 0
	s := attributeScanner{src: src}
	for {
		at := s.next()
		if at < 0 {
			break
		}
		out = append(out, src[copied:at]...)
		out = append(out, "&lt;"...)
		copied = at + 1
	}
	if copied == 0 {
		return src
	}
	return append(out, src[copied:]...)
}

// attributeScanner finds each < in a quoted value of a tag.
type attributeScanner struct {
	src   []byte
	at    int
	inTag bool
	quote byte
}

// next is the place of the next one, -1 when there is none.
func (s *attributeScanner) next() int {
	for s.at < len(s.src) {
		if !s.inTag {
			s.enterTag()
			continue
		}
		c := s.src[s.at]
		s.at++
		switch {
		case s.quote == 0 && (c == '"' || c == '\''):
			s.quote = c
		case s.quote == 0 && c == '>':
			s.inTag = false
		case c == s.quote && s.quote != 0:
			s.quote = 0
		case c == '<' && s.quote != 0:
			return s.at - 1
		}
	}
	return -1
}

// notTags are what begins with < and is no tag, and how it ends.
var notTags = []struct{ start, end []byte }{{[]byte("<!--"), []byte("-->")}, {[]byte("<![CDATA["), []byte("]]>")},
	{[]byte("<?"), []byte("?>")}, {[]byte("<!"), []byte(">")}}

// enterTag goes to the inside of the next tag.
func (s *attributeScanner) enterTag() {
	i := bytes.IndexByte(s.src[s.at:], '<')
	if i < 0 {
		s.at = len(s.src)
		return
	}
	s.at += i
	rest := s.src[s.at:]
	for _, n := range notTags {
		if bytes.HasPrefix(rest, n.start) {
			if end := bytes.Index(rest[len(n.start):], n.end); end >= 0 {
				s.at += len(n.start) + end + len(n.end)
			} else {
				s.at = len(s.src)
			}
			return
		}
	}
	s.at++
	s.inTag = true
}
