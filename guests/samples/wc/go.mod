module wc

go 1.24
