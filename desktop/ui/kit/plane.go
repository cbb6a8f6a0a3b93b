package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// PlaneLook is how a plane looks. A name that is "" draws nothing.
type PlaneLook struct {
	Fill   fyne.ThemeColorName
	Stroke fyne.ThemeColorName
	Width  float32 // of the border, which lies within
	Radius float32 // of the corners
}

// focusRing is what stands around the thing that has the focus.
var focusRing = PlaneLook{Stroke: ColorRing, Width: 3, Radius: 6}

func (l PlaneLook) bordered() bool { return l.Stroke != "" && l.Width > 0 }

// seen reports whether a plane of this look draws anything.
func (l PlaneLook) seen() bool { return l.Fill != "" || l.bordered() }

// Plane is a rectangle that lies behind or around something. Most of what a window paints are planes, and on a machine
// without a graphics card each of their pixels is computed: Fyne's own rectangle does that with a shader that can do much
// more, and takes three times as long. A Plane belongs into a container as its Object, and is moved and sized by itself.
type Plane struct {
	Object fyne.CanvasObject // shader or flat
	shader *canvas.Shader    // nil when planes are flat
	flat   *canvas.Rectangle // nil when they are not
	look   PlaneLook
	hidden bool
}

var flat bool

// DrawFlat has all planes that are made from now on be Fyne's own rectangles: slower, and the same to look at. It is for
// graphics drivers that do not take our shaders, where a plane would not be seen at all. It is called before there is a
// window.
func DrawFlat(yes bool) { flat = yes }

// Shaders are the sources of our fragment shaders, in the GLSL of OpenGL 2.1.
func Shaders() []string { return []string{string(plainSource), string(framedSource)} }

// NewPlane makes a plane.
func NewPlane(l PlaneLook) *Plane {
	p := &Plane{}
	if flat {
		p.flat = canvas.NewRectangle(nil)
		p.Object = p.flat
	} else {
		p.shader = canvas.NewShader("", nil, nil)
		p.shader.Uniforms = map[string]float32{}
		p.Object = p.shader
	}
	p.put(l)
	return p
}

// Look is how the plane looks.
func (p *Plane) Look() PlaneLook { return p.look }

// Set changes the look.
func (p *Plane) Set(l PlaneLook) {
	if p.look != l {
		p.put(l)
		p.Object.Refresh()
	}
}

// Show shows the plane or hides it.
func (p *Plane) Show(shown bool) {
	if p.hidden == shown {
		p.hidden = !shown
		p.hide()
		p.Object.Refresh()
	}
}

func (p *Plane) hide() {
	hidden := p.hidden || !p.look.seen()
	if p.flat != nil {
		p.flat.Hidden = hidden
	} else {
		p.shader.Hidden = hidden
	}
}

// Shown reports whether the plane is shown.
func (p *Plane) Shown() bool { return !p.hidden }

// Move moves the plane within what holds it.
func (p *Plane) Move(at fyne.Position) { p.Object.Move(at) }

// Resize gives the plane its size.
func (p *Plane) Resize(size fyne.Size) {
	if p.shader != nil {
		p.shader.Uniforms["wide"] = max(1, size.Width)
	}
	p.Object.Resize(size)
}

// Behind lays a plane behind an object.
func Behind(p *Plane, o fyne.CanvasObject) *fyne.Container {
	return container.New(behind{p}, p.Object, o)
}

type behind struct{ *Plane }

func (b behind) Layout(o []fyne.CanvasObject, size fyne.Size) {
	b.Resize(size)
	for _, x := range o[1:] {
		x.Resize(size)
	}
}

func (b behind) MinSize(o []fyne.CanvasObject) (s fyne.Size) {
	for _, x := range o[1:] {
		s = s.Max(x.MinSize())
	}
	return s
}

func (p *Plane) put(l PlaneLook) {
	p.look = l
	p.hide()
	if p.flat != nil {
		p.putFlat(l)
	} else {
		p.putShader(l)
	}
}

func (p *Plane) putFlat(l PlaneLook) {
	r := p.flat
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = nil, nil, 0, l.Radius
	if l.Fill != "" {
		r.FillColor = Color(l.Fill)
	}
	if l.bordered() {
		r.StrokeColor, r.StrokeWidth = Color(l.Stroke), l.Width
	}
}

// putShader sets every value of the shader: what it is not given it keeps from the plane that was drawn before.
func (p *Plane) putShader(l PlaneLook) {
	s, u := p.shader, p.shader.Uniforms
	fill, stroke, width, opaque := l.Fill, l.Stroke, l.Width, float32(1)
	switch {
	case !l.bordered():
		stroke, width = fill, 0
	case fill == "":
		fill, opaque = stroke, 0
	}
	s.Name, s.Source, s.SourceES = "framed", framedSource, framedSourceES
	if width == 0 && l.Radius == 0 {
		s.Name, s.Source, s.SourceES = "plain", plainSource, plainSourceES
	}
	u["fillR"], u["fillG"], u["fillB"] = channels(fill)
	u["strokeR"], u["strokeG"], u["strokeB"] = channels(stroke)
	u["width"], u["radius"], u["opaque"], u["wide"] = width, l.Radius, opaque, max(1, s.Size().Width)
}

// channels are those of a colour of the theme, 0…1; all are opaque.
func channels(name fyne.ThemeColorName) (r, g, b float32) {
	if name == "" {
		return 0, 0, 0
	}
	r16, g16, b16, _ := Color(name).RGBA()
	return float32(r16) / 0xffff, float32(g16) / 0xffff, float32(b16) / 0xffff
}

// The shaders. Fyne gives them the bounds of the plane in pixels of the frame, and draws a pixel more on each side.
var (
	plainSource, plainSourceES   = shader(plainShader)
	framedSource, framedSourceES = shader(framedShader)
)

func shader(body string) (desktop, es []byte) {
	return []byte("#version 110\n" + body), []byte("#version 100\nprecision highp float;\n" + body)
}

const plainShader = `
uniform vec2 frame;
uniform vec4 bounds;
uniform float fillR, fillG, fillB;

void main() {
	vec2 at = vec2(gl_FragCoord.x, frame.y - gl_FragCoord.y);
	vec2 inside = step(bounds.xy, at) * step(at, bounds.zw);
	gl_FragColor = vec4(fillR, fillG, fillB, inside.x * inside.y);
}
`

// The distance is that of the pixel from the edge, negative within.
const framedShader = `
uniform vec2 frame;
uniform vec4 bounds;
uniform float wide, width, radius, opaque;
uniform float fillR, fillG, fillB;
uniform float strokeR, strokeG, strokeB;

void main() {
	float scale = (bounds.z - bounds.x) / wide;
	float corner = radius * scale;
	vec2 half_size = (bounds.zw - bounds.xy) * 0.5;
	vec2 at = vec2(gl_FragCoord.x, frame.y - gl_FragCoord.y);
	vec2 beyond = abs(at - bounds.xy - half_size) - half_size + corner;
	float distance = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - corner;
	vec4 fill = vec4(fillR, fillG, fillB, opaque);
	vec4 colour = mix(vec4(strokeR, strokeG, strokeB, 1.0), fill, clamp(0.5 - distance - floor(width * scale + 0.5), 0.0, 1.0));
	gl_FragColor = vec4(colour.rgb, colour.a * clamp(0.5 - distance, 0.0, 1.0));
}
`
