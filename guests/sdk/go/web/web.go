//go:build wasip1

// Package web makes a module of the kind http out of an ordinary http.Handler.
package web

import (
	"bufio"
	"bytes"
	"net/http"
	"strconv"

	"edge"
)

var (
	registered http.Handler
	last       []byte // the host reads it after edge_http has returned
)

// Handle registers the handler, from an init function.
func Handle(h http.Handler) { registered = h }

type response struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *response) Header() http.Header { return r.header }

func (r *response) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *response) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

func (r *response) bytes() []byte {
	r.WriteHeader(http.StatusOK)
	if r.header.Get("Content-Type") == "" && r.body.Len() > 0 {
		r.header.Set("Content-Type", http.DetectContentType(r.body.Bytes()))
	}
	r.header.Set("Content-Length", strconv.Itoa(r.body.Len()))
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 " + strconv.Itoa(r.status) + " " + http.StatusText(r.status) + "\r\n")
	_ = r.header.Write(&b) // a bytes.Buffer takes everything
	b.WriteString("\r\n")
	b.Write(r.body.Bytes())
	return b.Bytes()
}

//go:wasmexport edge_http
func handle(request, n int32) int64 {
	if registered == nil {
		return int64(edge.State)
	}
	r := response{header: http.Header{}}
	q, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(edge.Bytes(request, n))))
	if err != nil {
		http.Error(&r, err.Error(), http.StatusBadRequest)
	} else {
		registered.ServeHTTP(&r, q)
	}
	last = r.bytes()
	return edge.Result(last)
}
