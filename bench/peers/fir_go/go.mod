module fir_go

go 1.24
