package model

func (c *checker) flow() {}
