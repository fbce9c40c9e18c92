// Counts lines, words and bytes of its standard input, as wc does: an ordinary Go program as a module of the kind command.
package main

import (
	"bufio"
	"io"
	"os"
	"strconv"
)

func main() {
	var lines, words, bytes int
	inWord := false
	in := bufio.NewReaderSize(os.Stdin, 64<<10)
	for {
		c, err := in.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			os.Stderr.WriteString("wc: " + err.Error() + "\n")
			os.Exit(1)
		}
		bytes++
		if c == '\n' {
			lines++
		}
		space := c == ' ' || c >= '\t' && c <= '\r'
		if !space && !inWord {
			words++
		}
		inWord = !space
	}
	os.Stdout.WriteString(strconv.Itoa(lines) + " " + strconv.Itoa(words) + " " + strconv.Itoa(bytes) + "\n")
}
